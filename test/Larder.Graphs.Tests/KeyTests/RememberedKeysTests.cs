using System.Collections.Immutable;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

public sealed class RememberedKeysTests
{
    [Fact]
    public void KeyOf_ImmutableObjectAgain_AllocatesNothing()
    {
        var kind = new GraphKind<AllTheWayDown>("a", 1);
        var configuration = new AllTheWayDown(1, "a", [1], null, new Inner(2));
        var model = GraphModel.Of("unet", Text.Weights);
        var first = kind.KeyOf(configuration, model);

        // The runtime may allocate for itself on this thread once, when a method is compiled anew; not each time.
        var allocated = long.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var again = kind.KeyOf(configuration, model);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Same(first, again);
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void KeyOf_MutableObjectAgain_AllocatesLittle()
    {
        var kind = new GraphKind<Settable>("a", 1);
        var configuration = new Settable { Steps = 1 };
        kind.KeyOf(configuration);

        var before = GC.GetAllocatedBytesForCurrentThread();
        kind.KeyOf(configuration);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The writer that walks, and a box for each number.
        Assert.InRange(allocated, 0, 128);
    }

    [Fact]
    public void KeyOf_ImmutableObjectWithOtherModels_HasTheKeyOfThose()
    {
        var kind = new GraphKind<Inner>("a", 1);
        var configuration = new Inner(1);
        GraphModel[] models = [.. Enumerable.Range(0, 20).Select(i => GraphModel.Of("unet", Digest.Of([(byte)i])))];

        for (var round = 0; round < 3; round++)
        {
            foreach (var model in models)
                Assert.Equal(kind.KeyOf(new Inner(1), model), kind.KeyOf(configuration, model));
        }
    }

    [Fact]
    public void KeyOf_ImmutableObjectWithAnAdvancedModel_HasAnotherKey()
    {
        var kind = new GraphKind<Inner>("a", 1);
        var (configuration, model) = (new Inner(1), new object());
        var before = kind.KeyOf(configuration, GraphModel.OfObject("unet", model));

        ObjectIdentity.Advance(model);

        Assert.NotEqual(before, kind.KeyOf(configuration, GraphModel.OfObject("unet", model)));
    }

    [Fact]
    public void KeyOf_MutableObjectThatChanged_HasAnotherKey()
    {
        var kind = new GraphKind<Settable>("a", 1);
        var configuration = new Settable { Steps = 1 };
        var before = kind.KeyOf(configuration);

        configuration.Steps = 2;

        Assert.NotEqual(before, kind.KeyOf(configuration));
    }

    private sealed record AllTheWayDown(int A, string B, ImmutableArray<int> C, Uri? D, Inner E)
    {
        public DateTimeOffset? At { get; init; }

        [NotPartOfKey]
        public object? Tag { get; set; }
    }

    private sealed record Inner(int Value);

    private sealed class Settable
    {
        public int Steps { get; set; }
    }
}
