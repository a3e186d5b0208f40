using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Recordings.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder recordings verify</c>: whether every recording is whole and its request fits its key.</summary>
internal static class RecordingsVerifyCommand
{
    public static Command Create(GlobalOptions options)
    {
        var directory = RecordingsCommand.Directory();
        return new Command("verify", "Whether every recording is whole and its request fits its key; changes nothing")
        {
            directory,
        }.Runs(
            options,
            (context, cancellationToken) =>
            {
                var result = RecordingsCommand.Open(context, directory).Verify(cancellationToken);
                // Found well where there is nothing, a name that is one letter off would stay unnoticed.
                if (result.Checked == 0 && result.IsWhole)
                    throw new NotFoundException(
                        $"There is no recording in '{Path.GetFullPath(context.Result.GetRequiredValue(directory))}'. Name the directory that holds the deployments."
                    );
                if (context.Json)
                    WriteJson(result);
                else
                    WriteText(result);
                return Task.FromResult(result.IsWhole ? ExitCode.Done : ExitCode.VerificationFailed);
            }
        );
    }

    private static void WriteText(RecordingsVerification result)
    {
        foreach (var fault in result.Faults)
            Terminal.Answer(PlainText.Of($"{fault.File}: {fault.Problem}"));
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Checked {RecordingsCommand.Count(result.Checked)}: {result.Faults.Count} {(result.Faults.Count == 1 ? "file is" : "files are")} damaged."
            )
        );
    }

    private static void WriteJson(RecordingsVerification result) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("checked", result.Checked);
            json.WriteStartArray("damaged");
            foreach (var fault in result.Faults)
            {
                json.WriteStartObject();
                json.WriteString("file", fault.File);
                json.WriteString("problem", fault.Problem);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
