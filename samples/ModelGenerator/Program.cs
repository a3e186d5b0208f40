using System.CommandLine;
using ModelGenerator.Commands;

var command = new RootCommand("Writes ONNX models for demonstrations, tests and benchmarks.")
{
    AllCommand.Create(),
    RandomCommand.Create(),
    WorkflowCommand.Create(),
};
try
{
    return command.Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
