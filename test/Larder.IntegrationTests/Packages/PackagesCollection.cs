namespace Larder.IntegrationTests.Packages;

/// <summary>Tests that pack take turns: they build in one directory.</summary>
[CollectionDefinition(nameof(Packages))]
public sealed class PackagesCollection;
