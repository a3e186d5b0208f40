using Larder.Passes;
using Larder.Store;

namespace Larder.Onnx.Passes;

/// <summary>Brings the files of a model that a pass does not change into the new model.</summary>
internal static class CarriedFiles
{
    public static void Carry(PassRun run, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = Path.Combine(run.InputPath, file);
            var to = Path.Combine(run.OutputPath, file);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (!TryLink(from, to))
                File.Copy(from, to);
        }
    }

    // Costs nothing, and needs no room; but not every file system can, nor across two of them.
    private static bool TryLink(string from, string to)
    {
        try
        {
            return Posix.TryLink(from, to);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
