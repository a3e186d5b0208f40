using System.Security.Cryptography;
using Larder.Sharing;

namespace Larder.Tests.Sharing;

public sealed class SharedCacheOptionsTests
{
    [Fact]
    public void Validate_Defaults_HaveNoFault() => new SharedCacheOptions().Validate();

    [Fact]
    public void Validate_ManyFaults_NamesThemAll()
    {
        using var wrongCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rightCurve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new SharedCacheOptions
        {
            Namespace = "Team A",
            Deadline = TimeSpan.Zero,
            LeastBytesPerSecond = 0,
            LeaseWait = TimeSpan.FromSeconds(-1),
            SigningKeyPem = rightCurve.ExportSubjectPublicKeyInfoPem(),
            TrustedKeysPem = [wrongCurve.ExportSubjectPublicKeyInfoPem(), "no key"],
        };

        var fault = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Contains("Namespace: 'Team A'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Deadline: 00:00:00", fault.Message, StringComparison.Ordinal);
        Assert.Contains("LeastBytesPerSecond: 0", fault.Message, StringComparison.Ordinal);
        Assert.Contains("LeaseWait: -00:00:01", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SigningKeyPem: it is no private ECDSA key", fault.Message, StringComparison.Ordinal);
        Assert.Contains("key number 1 is not on the curve P-256", fault.Message, StringComparison.Ordinal);
        Assert.Contains("key number 2 is no public ECDSA key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfAWrongKey_DoesNotShowIt()
    {
        var options = new SharedCacheOptions { SigningKeyPem = "canary-secret" };

        var fault = Assert.Throws<ArgumentException>(options.Validate);

        Assert.DoesNotContain("canary", fault.ToString(), StringComparison.Ordinal);
    }
}
