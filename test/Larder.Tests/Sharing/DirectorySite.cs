using Larder.SharedStoreConformance;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

/// <summary>A directory that is not there yet, as a shared store.</summary>
internal sealed class DirectorySite : SharedStoreSite
{
    private readonly TempDirectory _directory = new();

    public DirectorySite()
    {
        Store = new DirectorySharedStore(_directory["team"]);
        Elsewhere = new DirectorySharedStore(_directory["team"] + "/");
        Missing = new DirectorySharedStore(_directory["not-mounted/team"]);
    }

    public override ISharedStore Store { get; }

    public override ISharedStore Elsewhere { get; }

    public override ISharedStore Missing { get; }

    // The tests may run as root, whom no mode of a file keeps out.
    public override ISharedStore? Stranger => null;

    public override ISharedStore? Unreachable => null;

    public override int MoreThanAPage => 1100;

    public override ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
