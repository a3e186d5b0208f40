using Larder.Onnx.Native;
using Larder.TestKit;

namespace Larder.Onnx.Tests.Native;

public sealed class OrtLibraryTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Load_NamedFileIsMissing_TriesNoOtherPlaceAndNamesTheRemedy()
    {
        var failure = Assert.Throws<OnnxRuntimeMissingException>(() => Load(_directory["absent.so"]));

        Assert.Equal($"{_directory["absent.so"]} (no such file)", Assert.Single(failure.Places));
        Assert.Contains("LARDER_ONNXRUNTIME", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NamedFileIsNoLibrary_TellsTheLoadersReason()
    {
        File.WriteAllText(_directory["text.so"], "no library");

        var failure = Assert.Throws<OnnxRuntimeMissingException>(() => Load(_directory["text.so"]));

        Assert.Contains("text.so", Assert.Single(failure.Places), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NamedFileIsAnotherLibrary_SaysSo()
    {
        var other = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");

        var failure = Assert.Throws<OnnxRuntimeMissingException>(() => Load(other));

        Assert.Equal($"{other} (not ONNX Runtime)", Assert.Single(failure.Places));
    }

    [Fact]
    public void Load_BesideTheProgram_IsFound() => Assert.NotNull(Load(named: null));

    [Fact]
    public void Load_AmongTheNativeFilesOfAPackage_IsFoundUnderItsPlainName()
    {
        // As Microsoft.ML.OnnxRuntime has it.
        File.CreateSymbolicLink(
            _directory["libonnxruntime.so"],
            Path.Combine(AppContext.BaseDirectory, OrtLibrary.FileName)
        );

        Assert.NotNull(OrtLibrary.Load(null, "/nowhere", "/nowhere/else", Path.GetDirectoryName(_directory["x"])!));
    }

    [Fact]
    public void PackageDirectories_HaveThoseOfDotNet() =>
        Assert.Contains(
            OrtLibrary.PackageDirectories(),
            directory => File.Exists(Path.Combine(directory, "libSystem.Native.so"))
        );

    private static OrtApi Load(string? named) => OrtLibrary.Load(named, AppContext.BaseDirectory);
}
