using System.Runtime.CompilerServices;
using Larder.Content;
using Larder.Graphs.Keys;

namespace Larder.Graphs.Tests.KeyTests;

public sealed class ObjectIdentityTests
{
    [Fact]
    public void Of_SameObject_IsTheSame()
    {
        var instance = new object();

        Assert.Equal(ObjectIdentity.Of(instance), ObjectIdentity.Of(instance));
    }

    [Fact]
    public void Of_EqualObjects_Differs() =>
        Assert.NotEqual(ObjectIdentity.Of(new Version(1, 2)), ObjectIdentity.Of(new Version(1, 2)));

    [Fact]
    public void Advance_Object_GivesANameNeverSeenBefore()
    {
        var instance = new object();
        HashSet<string> seen = [ObjectIdentity.Of(instance)];

        for (var i = 0; i < 10; i++)
        {
            ObjectIdentity.Advance(instance);
            Assert.True(seen.Add(ObjectIdentity.Of(instance)));
        }
    }

    [Fact]
    public void Advance_StringOrValue_Throws()
    {
        Assert.Throws<ArgumentException>(() => ObjectIdentity.Advance("a"));
        Assert.Throws<ArgumentException>(() => ObjectIdentity.Advance(1));
    }

    [Fact]
    public void Of_ManyThreadsAtOnce_IsOneName()
    {
        var instance = new object();
        var names = new string[64];

        Parallel.For(0, names.Length, i => names[i] = ObjectIdentity.Of(instance));

        Assert.Single(names.Distinct());
    }

    [Fact]
    public void KeyOf_ModelAndConfiguration_KeepsNeitherAlive()
    {
        var kind = new GraphKind<Remembered>("test", 1);
        var (key, model, configuration) = MakeKey(kind);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(model.TryGetTarget(out _), "The model is still alive.");
        Assert.False(configuration.TryGetTarget(out _), "The configuration is still alive.");
        GC.KeepAlive((kind, key));
    }

    // Apart, so that no local of the test holds the objects.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (EntryKey, WeakReference<object>, WeakReference<object>) MakeKey(GraphKind<Remembered> kind)
    {
        var model = new object();
        var configuration = new Remembered(30);
        var key = kind.KeyOf(configuration, GraphModel.OfObject("unet", model));
        return (key, new(model), new(configuration));
    }

    private sealed record Remembered(int Steps);
}
