using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larder.Cli.Output;
using Larder.Content;
using Larder.Origins;
using Larder.Store.Scrub;

namespace Larder.Cli.Commands;

/// <summary><c>larder verify [REF]</c>: reads what is stored again and compares it with its digests.</summary>
internal static class VerifyCommand
{
    public static Command Create(GlobalOptions options)
    {
        var reference = new Argument<string?>("REF")
        {
            Description = "The reference that was pulled; everything without it",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var repair = new Option<bool>("--repair") { Description = "Fetch again what is damaged or missing" };
        return new Command("verify", "Read what is stored again; damaged files go to the store's quarantine")
        {
            reference,
            repair,
        }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    context.Result.GetValue(reference),
                    new VerifyOptions
                    {
                        Repair = context.Result.GetValue(repair),
                        Offline = context.Configuration.Offline,
                    },
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string? text,
        VerifyOptions options,
        CancellationToken cancellationToken
    )
    {
        var reference = text is null ? null : References.Parse(text);
        using var cache = context.OpenCache();
        var report = await VerifyAsync(context, cache, reference, options, cancellationToken);
        if (context.Json)
            WriteJson(report);
        else
            WriteText(report, options.Repair);
        await cache.FlushAsync(cancellationToken);
        return report.IsWhole ? ExitCode.Done : ExitCode.VerificationFailed;
    }

    private static async Task<VerifyReport> VerifyAsync(
        CommandContext context,
        ModelCache cache,
        ModelReference? reference,
        VerifyOptions options,
        CancellationToken cancellationToken
    )
    {
        // Ended before the answer is written: a bar that ends clears the lines where it was.
        await using var display = context.Quiet ? null : new TransferDisplay(reference?.Text ?? cache.StorePath);
        return await cache.VerifyAsync(reference, options with { Progress = display }, cancellationToken);
    }

    private static void WriteText(VerifyReport report, bool isRepair)
    {
        foreach (var finding in report.Findings)
        {
            Terminal.Answer(finding.Message);
            if (finding.DamagedRanges.Count > 0)
                Terminal.Answer($"  damaged bytes: {string.Join(", ", finding.DamagedRanges.Select(Range))}");
            foreach (var reference in finding.References)
                Terminal.Answer($"  needed by {reference}");
        }
        Terminal.Answer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Checked {report.Checked}, read {Sizes.Bytes(report.BytesRead)} in {Sizes.Time(report.Duration)}: {report.Damaged} damaged, {report.Repaired} repaired, {report.Quarantined} quarantined, {report.Unreadable} unreadable."
            )
        );
        if (report.Damaged > report.Repaired && !isRepair)
            Terminal.Message(
                "'larder verify --repair' fetches again what is damaged or missing, and so does the next pull."
            );
    }

    private static string Range(ByteRange range) =>
        string.Create(CultureInfo.InvariantCulture, $"{range.Offset} to {range.Offset + range.Length - 1}");

    private static void WriteJson(VerifyReport report) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("checked", report.Checked);
            json.WriteNumber("damaged", report.Damaged);
            json.WriteNumber("repaired", report.Repaired);
            json.WriteNumber("quarantined", report.Quarantined);
            json.WriteNumber("unreadable", report.Unreadable);
            json.WriteNumber("transient_errors", report.TransientErrors);
            json.WriteNumber("bytes_read", report.BytesRead);
            json.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 6));
            json.WriteStartArray("findings");
            foreach (var finding in report.Findings)
                WriteFinding(json, finding);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static void WriteFinding(Utf8JsonWriter json, VerifyFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("subject", Snake(finding.Subject.ToString()));
        json.WriteString("fault", Snake(finding.Fault.ToString()));
        json.WriteString("path", finding.Path);
        json.WriteString("digest", finding.Digest?.ToString());
        json.WriteStartArray("references");
        foreach (var reference in finding.References)
            json.WriteStringValue(reference);
        json.WriteEndArray();
        json.WriteStartArray("damaged_ranges");
        foreach (var range in finding.DamagedRanges)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", range.Offset);
            json.WriteNumber("length", range.Length);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("quarantine_path", finding.QuarantinePath);
        json.WriteBoolean("repaired", finding.IsRepaired);
        json.WriteString("message", finding.Message);
        json.WriteEndObject();
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
