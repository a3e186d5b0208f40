using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace HotPaths.Workers;

/// <summary>The same worker at the end of two pipes, spoken to with blocking reads and writes: as little as can be between.</summary>
internal sealed class BareWorker : IDisposable
{
    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _last;

    public BareWorker(string python, string script)
    {
        var start = new ProcessStartInfo("sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { "-c", "exec 3<&0 4>&1 </dev/null >&2; exec \"$@\"", "worker", python, script },
            Environment = { ["LARDER_WORKER_IN"] = "3", ["LARDER_WORKER_OUT"] = "4" },
        };
        _process = Process.Start(start)!;
        (_input, _output) = (_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream);
        ReadLine();
    }

    /// <summary>One request and the bytes of its answer, which nobody reads as a document.</summary>
    public int Ask(string inputs)
    {
        _input.Write(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{++_last},\"inputs\":{inputs}}}\n")
            )
        );
        return ReadLine();
    }

    public void Dispose()
    {
        _input.Dispose();
        _process.WaitForExit();
        _output.Dispose();
        _process.Dispose();
    }

    private int ReadLine()
    {
        var length = 0;
        do
        {
            var read = _output.Read(_buffer, length, _buffer.Length - length);
            length += read > 0 ? read : throw new InvalidOperationException("The bare worker ended.");
        } while (_buffer[length - 1] != '\n');
        return length;
    }
}
