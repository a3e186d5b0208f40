using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using PolicySimulator.Traces;

namespace PolicySimulator.Commands;

/// <summary>What made traces are like, as options.</summary>
internal static class WorkloadOptions
{
    private const double Gigabyte = 1e9;

    // Of anything: times and sums stay what they are.
    private const int Most = 1_000_000;

    private static readonly Workload Default = new();

    private static readonly Option<int> Models = Number("--models", "Models of a trace.", Default.Models, 1);
    private static readonly Option<double> LeastGigabytes = Number(
        "--least-gb",
        "The size of the smallest models, in GB; sizes are spread evenly over their logarithms.",
        Default.LeastBytes / Gigabyte,
        1 / Gigabyte
    );
    private static readonly Option<double> MostGigabytes = Number(
        "--most-gb",
        "The size of the largest models, in GB.",
        Default.MostBytes / Gigabyte,
        1 / Gigabyte
    );
    private static readonly Option<double> LoadSeconds = Number(
        "--load-seconds",
        "What every load takes, however small, in seconds.",
        Default.LoadSeconds,
        0
    );
    private static readonly Option<double> Gigabytes = Number(
        "--gb-per-second",
        "How fast models are read.",
        Default.BytesPerSecond / Gigabyte,
        0.001
    );
    private static readonly Option<double> CompileSeconds = Number(
        "--most-compile-seconds",
        "The longest time of compiling; each model has some from 0 to this.",
        Default.MostCompileSeconds,
        0
    );
    private static readonly Option<double> Zipf = Number(
        "--zipf",
        "The exponent of popularity; 0 is all alike.",
        Default.Zipf,
        0
    );
    private static readonly Option<int> Requests = Number("--requests", "Requests of a trace.", Default.Requests, 1);
    private static readonly Option<double> GapSeconds = Number(
        "--gap-seconds",
        "The mean time from one request to the next; times are exponential.",
        Default.GapSeconds,
        0
    );
    private static readonly Option<int> DriftEvery = Number(
        "--drift-every",
        "Requests after which, where popularity drifts, a random model gets a random rank.",
        Default.DriftEvery,
        1
    );
    private static readonly Option<int> ScanEvery = Number(
        "--scan-every",
        "Requests from the beginning of a scan of all models to that of the next.",
        Default.ScanEvery,
        1
    );

    public static IReadOnlyList<Option> All { get; } =
    [
        Models,
        LeastGigabytes,
        MostGigabytes,
        LoadSeconds,
        Gigabytes,
        CompileSeconds,
        Zipf,
        Requests,
        GapSeconds,
        DriftEvery,
        ScanEvery,
    ];

    public static Workload Read(ParseResult parsed) =>
        new()
        {
            Models = parsed.GetValue(Models),
            LeastBytes = Bytes(parsed.GetValue(LeastGigabytes)),
            MostBytes = Bytes(parsed.GetValue(MostGigabytes)),
            LoadSeconds = parsed.GetValue(LoadSeconds),
            BytesPerSecond = parsed.GetValue(Gigabytes) * Gigabyte,
            MostCompileSeconds = parsed.GetValue(CompileSeconds),
            Zipf = parsed.GetValue(Zipf),
            Requests = parsed.GetValue(Requests),
            GapSeconds = parsed.GetValue(GapSeconds),
            DriftEvery = parsed.GetValue(DriftEvery),
            ScanEvery = parsed.GetValue(ScanEvery),
        };

    public static long Bytes(double gigabytes) => (long)Math.Round(gigabytes * Gigabyte);

    /// <summary>An option for a number that has a least value.</summary>
    public static Option<T> Number<T>(string name, string description, T byDefault, T least)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => byDefault,
            CustomParser = argument => Parse(argument, least),
        };

    public static T Parse<T>(ArgumentResult argument, T least)
        where T : struct, INumber<T>
    {
        var text = argument.Tokens[0].Value;
        if (
            T.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= T.CreateChecked(Most)
        )
            return number;
        argument.AddError(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{((OptionResult)argument.Parent!).Option.Name} is '{text}' where a number from {least} to {Most} is expected."
            )
        );
        return default;
    }
}
