using Orleans.Dask.Embedded.Host;

// silo SILO_PORT GATEWAY_PORT PRIMARY_PORT   one silo on loopback; ends when its standard input does
// measure                                    rates of calls, activations and bulk, in process and to a silo process
return args switch
{
    ["silo", var silo, var gateway, var primary] => await SiloProcess.RunAsync(Port(silo), Port(gateway), Port(primary)),
    ["measure", .. var which] => await Measure.RunAsync(which),
    _ => Usage(),
};

static int Port(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: silo SILO_PORT GATEWAY_PORT PRIMARY_PORT | measure [local|activations|remote|bulk]...");
    return 2;
}
