using Orleans.Dask.Grains.Interfaces;
using Orleans.Dask.Stranger;

// "send FOLDER": encodes functions into files, and lists the assemblies they need.
// "check FILE": decodes what a silo made of them, and prints it.
switch (args)
{
    case ["send", var folder]:
        var payloads = Functions.All.Select(f => (f.Name, Payload: Payload.Of(f.Function))).ToArray();
        foreach (var (name, payload) in payloads)
        {
            File.WriteAllBytes(Path.Combine(folder, name + ".payload"), payload.Encode());
        }

        File.WriteAllLines(Path.Combine(folder, "assemblies"), payloads.SelectMany(p => p.Payload.Assemblies).Distinct()
            .Select(id => $"{id.Name}\t{id.Sha256}\t{id.Mvid}\t{LoadedCode.Instance.Resolve(id)!.Location}"));
        return 0;

    case ["check", var file]:
        Console.WriteLine(Payload.FromBytes(File.ReadAllBytes(file)).Read<Reading>());
        return 0;

    default:
        Console.Error.WriteLine("usage: send FOLDER | check FILE");
        return 2;
}
