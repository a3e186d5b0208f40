using PolicySimulator.Commands;
using PolicySimulator.Traces;

try
{
    return PlayCommand.Create().Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is TraceException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
