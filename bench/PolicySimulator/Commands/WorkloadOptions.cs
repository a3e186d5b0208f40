using System.CommandLine;
using PolicySimulator.Traces;

namespace PolicySimulator.Commands;

/// <summary>What made traces are like, as options.</summary>
internal static class WorkloadOptions
{
    private const double Gigabyte = 1e9;

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
        where T : struct, IComparable<T>
    {
        // Recursive: making a trace takes what playing it takes.
        var option = new Option<T>(name)
        {
            Description = description,
            DefaultValueFactory = _ => byDefault,
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<T>().CompareTo(least) < 0)
                result.AddError($"{name} must be at least {least}, not {result.Tokens[0].Value}.");
        });
        return option;
    }
}
