using Orleans.Dask.Embedded.Host;

// silo [PRIMARY_PORT]     one silo on loopback, on ports that it prints; ends when its standard input does
// measure                 rates of calls, activations and bulk, in process and to a silo process
// write FOLDER            one record over and over; prints the number of each that is safe
// count FOLDER TIMES      counts a record up, beside others that do
return args switch
{
    ["silo"] => await SiloProcess.RunAsync(null, TimeSpan.FromMilliseconds(500)),
    ["silo", var primary] => await SiloProcess.RunAsync(Number(primary), TimeSpan.FromMilliseconds(500)),
    ["write", var folder] => await StorageProcess.WriteAsync(folder),
    ["count", var folder, var times] => await StorageProcess.CountAsync(folder, Number(times)),
    ["measure", .. var which] => await Measure.RunAsync(which),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: silo [PRIMARY_PORT] | write FOLDER | count FOLDER TIMES | measure [local|activations|remote|bulk]...");
    return 2;
}
