using System.Diagnostics;
using System.Text;

namespace Larder.TestKit;

/// <summary>A real server, started by a script of <c>eng/</c> that says <c>ready URL</c> and stops it when its input ends.</summary>
/// <remarks>The input ends with this process too, however that ends: no server outlives its tests.</remarks>
public sealed class ServerScript : IAsyncDisposable
{
    // Machines under load start slowly; a server that will not start at all ends by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private ServerScript(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>Where the server answers.</summary>
    public Uri Url { get; }

    /// <summary>Starts a server.</summary>
    /// <param name="script">A name in <c>eng/</c>, such as <c>nginx.sh</c>.</param>
    /// <param name="arguments">Of the script.</param>
    public static async Task<ServerScript> StartAsync(string script, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Join(Repository.Root, "eng", script), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("ready ", StringComparison.Ordinal))
                    return new ServerScript(process, new Uri(line["ready ".Length..]));
            }
        }
        catch (OperationCanceledException)
        {
            // Told below, with what it said.
        }
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        lock (errors)
            throw new InvalidOperationException($"eng/{script} started no server: {errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
