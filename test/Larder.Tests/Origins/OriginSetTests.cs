using Larder.Origins;
using Larder.TestKit;

namespace Larder.Tests.Origins;

public sealed class OriginSetTests
{
    private readonly FakeOrigin _fake = new();

    [Fact]
    public void For_KnownScheme_IsItsOrigin() => Assert.Same(_fake, new OriginSet([_fake]).For(FakeOrigin.Reference()));

    [Fact]
    public void For_UnknownScheme_NamesTheKnownOnesAndNoSecret()
    {
        var set = new OriginSet([_fake, new DirectoryOrigin()]);

        var refused = Assert.Throws<ReferenceException>(() =>
            set.For(ModelReference.Parse("nowhere://u:CANARY@host/x?CANARY"))
        );

        Assert.Contains("unknown scheme 'nowhere'. Known are: fake, file.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", refused.Message, StringComparison.Ordinal);
    }
}
