using Orleans.Dask.Embedded.Host;

// silo SILO_PORT GATEWAY_PORT PRIMARY_PORT   one silo on loopback; ends when its standard input does
// measure                                    rates of calls, activations and bulk, in process and to a silo process
// write FOLDER                               one record over and over; prints the number of each that is safe
// count FOLDER TIMES                         counts a record up, beside others that do
return args switch
{
    ["silo", var silo, var gateway, var primary] => await SiloProcess.RunAsync(Port(silo), Port(gateway), Port(primary), TimeSpan.FromMilliseconds(500)),
    ["write", var folder] => await StorageProcess.WriteAsync(folder),
    ["count", var folder, var times] => await StorageProcess.CountAsync(folder, Port(times)),
    ["measure", .. var which] => await Measure.RunAsync(which),
    _ => Usage(),
};

static int Port(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: silo SILO_PORT GATEWAY_PORT PRIMARY_PORT | write FOLDER | count FOLDER TIMES | measure [local|activations|remote|bulk]...");
    return 2;
}
