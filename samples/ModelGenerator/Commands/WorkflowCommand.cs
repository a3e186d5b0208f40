using System.CommandLine;
using ModelGenerator.WorkflowModels;

namespace ModelGenerator.Commands;

/// <summary><c>workflow</c>: writes the model of the sample workflow.</summary>
internal static class WorkflowCommand
{
    internal static Command Create()
    {
        var output = new Option<string>("--output")
        {
            Description = "The directory that gets model.onnx and tokenizer.json.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "samples/workflows/model",
        };
        var command = new Command(
            "workflow",
            "Writes the model of about 20 MB that samples/workflows begin with, the same bytes each time."
        )
        {
            output,
        };
        command.SetAction(parsed =>
        {
            WorkflowModel.Write(parsed.GetRequiredValue(output));
            parsed.InvocationConfiguration.Output.WriteLine("workflow: written");
        });
        return command;
    }
}
