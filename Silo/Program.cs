using Orleans.Dask.Silo.Commands;

return await SiloCommands.Root().Parse(args).InvokeAsync();
