using Larder.TestKit;

namespace Larder.Tests.Faults;

/// <summary>Runs the test host with a system call that fails; see <c>test/faults/README.md</c>.</summary>
internal static class FaultyHost
{
    /// <summary>When a host that has not ended hangs: even on a busy machine it takes a second.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>The variables that make calls fail in a host.</summary>
    public static string[] Environment(string fault, string under) =>
        [Preload("libfaulty.so"), $"LARDER_FAULT={fault}", $"LARDER_FAULT_UNDER={under}"];

    /// <summary>The variables that end a host at one of its calls, with all lost that it has not synced.</summary>
    /// <param name="cut"><c>CALL:SEED</c>, or <c>CALL:SEED:lie</c> for syncs that only say that they are done.</param>
    /// <param name="under">The directory below which calls count and things are lost.</param>
    public static string[] PowerCut(string cut, string under) =>
        [Preload("libpower.so"), $"LARDER_POWER={cut}", $"LARDER_FAULT_UNDER={under}"];

    /// <summary>Runs the host to its end, which it must come to by itself.</summary>
    /// <param name="arguments">For the host.</param>
    /// <param name="fault">What fails: <c>op:fault:N</c> or <c>op:fault:N:always</c>.</param>
    /// <param name="under">The directory below which it fails.</param>
    /// <param name="environment">More variables, <c>NAME=value</c>.</param>
    public static async Task<FaultRun> RunAsync(
        string[] arguments,
        string fault,
        string under,
        params string[] environment
    )
    {
        using var directory = new TempDirectory();
        using var host = HostProcess.Start(
            arguments,
            [.. Environment(fault, under), $"LARDER_FAULT_MET={directory["met"]}", .. environment]
        );
        try
        {
            var (exitCode, output) = await host.EndAsync()
                .WaitAsync(Deadline, TestContext.Current.CancellationToken)
                .ConfigureAwait(false);
            return new FaultRun(exitCode, output, File.Exists(directory["met"]));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The host hangs: it has not ended after {Deadline.TotalSeconds} s.");
            throw;
        }
    }

    private static string Preload(string name)
    {
        var library = Path.Combine(Repository.Root, "artifacts", "faults", name);
        Assert.True(File.Exists(library), $"There is no {library}: run eng/faults.sh, or make test.");
        return $"LD_PRELOAD={library}";
    }
}
