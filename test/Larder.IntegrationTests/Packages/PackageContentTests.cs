using Larder.TestKit;

namespace Larder.IntegrationTests.Packages;

/// <summary>What <c>make pack</c> makes of a library; <see cref="StrangerTests"/> has all of them, and uses them.</summary>
[Trait("Category", "Integration")]
[Collection(nameof(Packages))]
public sealed class PackageContentTests : IDisposable
{
    private readonly TempDirectory _packages = new();

    public void Dispose() => _packages.Dispose();

    [Fact]
    public async Task Pack_ALibrary_HasAllThatItsUserNeedsAndNothingOfThisMachine()
    {
        Tool.SkipUnlessThere("git");

        await PackageChecks.PackAsync(_packages.Path, "Larder.Graphs");

        using var package = Package.Open(_packages.Path, "Larder.Graphs");
        using var symbols = Package.Open(_packages.Path, "Larder.Graphs", "snupkg");
        await PackageChecks.DescribesItselfAsync(package, "Larder.Graphs");
        PackageChecks.HasTheLibraryAlone(package);
        await PackageChecks.AsksForWhatItNeedsAsync(package);
        await PackageChecks.HasSymbolsAsync(symbols);
    }
}
