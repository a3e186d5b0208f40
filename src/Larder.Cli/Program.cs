using Larder.Cli;

return await LarderCommand.RunAsync(args);
