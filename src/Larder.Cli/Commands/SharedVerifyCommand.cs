using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Sharing.Administration;

namespace Larder.Cli.Commands;

/// <summary><c>larder shared verify</c>: whether every entry of the team's store has its files.</summary>
internal static class SharedVerifyCommand
{
    public static Command Create(GlobalOptions options)
    {
        var deep = new Option<bool>("--deep")
        {
            Description = "Also read every file and compare it with its digest: downloads everything",
        };
        var only = SharedCommand.Namespace();
        return new Command("verify", "Whether every entry of the shared store has its files; changes nothing")
        {
            deep,
            only,
        }.Runs(
            options,
            async (context, cancellationToken) =>
            {
                var result = await VerifyAsync(
                    context,
                    context.Result.GetValue(deep),
                    SharedCommand.NamespaceOf(context, only),
                    cancellationToken
                );
                if (context.Json)
                    WriteJson(result);
                else
                    WriteText(result);
                return result.IsWhole ? ExitCode.Done : ExitCode.VerificationFailed;
            }
        );
    }

    private static async Task<SharedVerification> VerifyAsync(
        CommandContext context,
        bool deep,
        string? only,
        CancellationToken cancellationToken
    )
    {
        // Ended before the answer is written: it clears its line.
        await using var display = SharedCommand.Display(context);
        return await SharedCommand.Open(context, display).VerifyAsync(deep, only, cancellationToken);
    }

    private static void WriteText(SharedVerification result)
    {
        foreach (var finding in result.Findings)
            Terminal.Answer($"'{finding.Name}': {finding.Fault}");
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Checked {result.Entries} entries, read {Sizes.Bytes(result.BytesRead)}: {result.Findings.Count} damaged."
            )
        );
        if (!result.IsWhole)
            Terminal.Message("To those who look they are misses, and who computes or pulls again replaces them.");
    }

    private static void WriteJson(SharedVerification result) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("checked", result.Entries);
            json.WriteNumber("damaged", result.Findings.Count);
            json.WriteNumber("bytes_read", result.BytesRead);
            json.WriteStartArray("findings");
            foreach (var finding in result.Findings)
            {
                json.WriteStartObject();
                json.WriteString("name", finding.Name);
                json.WriteString("key", finding.Key.ToString());
                json.WriteString("fault", finding.Fault);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
