using Larder.Onnx.Cold;
using Larder.Onnx.Native;

namespace Larder.Onnx.Tests.Cold;

public sealed class ColdFactsTests
{
    [Fact]
    public void Of_ThisProcess_NamesTheLibraryAndTheProcessor()
    {
        var facts = ColdFacts.Of(OrtRuntime.Get(named: null));

        Assert.NotNull(facts);
        Assert.Equal("1.30.0", facts.RuntimeVersion);
        Assert.Contains("git-commit-id=", facts.RuntimeBuild, StringComparison.Ordinal);
        Assert.NotEmpty(facts.CpuFeatures);
    }

    [Fact]
    public void ParseCpuFeatures_OfX86_AreTheInstructionSetsSorted() =>
        Assert.Equal(
            ["avx2", "avx512_vnni", "fma", "sse4_2", "ssse3"],
            ColdFacts.ParseCpuFeatures([
                "processor\t: 0",
                "flags\t\t: fpu ssse3 sse4_2 fma avx512_vnni avx2 nx",
                "flags\t\t: avx",
            ])
        );

    [Fact]
    public void ParseCpuFeatures_OfArm_AreAll() =>
        Assert.Equal(["asimd", "fp", "sve"], ColdFacts.ParseCpuFeatures(["", "Features\t: fp asimd sve"]));

    [Fact]
    public void ParseCpuFeatures_OfSomethingElse_AreUnknown() =>
        Assert.Null(ColdFacts.ParseCpuFeatures(["processor\t: 0", "isa\t: rv64imafdc"]));
}
