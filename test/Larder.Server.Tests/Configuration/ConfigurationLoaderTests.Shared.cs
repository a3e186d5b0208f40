using System.Security.Cryptography;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Server.Tests.Configuration;

public sealed partial class ConfigurationLoaderTests
{
    [Fact]
    public void Load_NothingShared_HasNoTeamStore()
    {
        Assert.Null(ConfigurationFile.Load("{}").Shared);
        Assert.Null(ConfigurationFile.Load("""{"shared": {}}""").Shared);
    }

    [Fact]
    public void Load_OnlyTheUrl_HasTheDefaultsOfTheLibrary()
    {
        var shared = ConfigurationFile.Load("""{"shared": {"url": "file:///srv/team/"}}""").Shared!;

        Assert.Equal("file:///srv/team/", shared.Url);
        // Records compare lists by reference.
        Assert.Empty(shared.Options.TrustedKeysPem);
        Assert.Equal(
            new SharedCacheOptions(),
            shared.Options with
            {
                TrustedKeysPem = new SharedCacheOptions().TrustedKeysPem,
            }
        );
    }

    [Fact]
    public void Load_EverySettingOfShared_IsRead()
    {
        using var directory = new TempDirectory();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var trusted = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(directory["signing.pem"], signing.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(directory["trusted.pem"], trusted.ExportSubjectPublicKeyInfoPem());

        var options = ConfigurationFile
            .Load(
                $$"""
                { "shared": {
                  "url": "s3://bucket/team", "read": true, "write": false, "namespace": "vision-2", "models": true, "passes": false,
                  "deadline": "3 s", "least_bytes_per_second": "2 MB", "leases": false, "lease_wait": "1 min",
                  "signing_key": "{{directory["signing.pem"]}}", "trusted_keys": ["{{directory["trusted.pem"]}}"]
                } }
                """
            )
            .Shared!.Options;

        Assert.Equal(
            (true, false, "vision-2", true, false),
            (options.Read, options.Write, options.Namespace, options.Models, options.Passes)
        );
        Assert.Equal((TimeSpan.FromSeconds(3), 2_000_000), (options.Deadline, options.LeastBytesPerSecond));
        Assert.Equal((false, TimeSpan.FromMinutes(1)), (options.Leases, options.LeaseWait));
        Assert.Equal(signing.ExportPkcs8PrivateKeyPem(), options.SigningKeyPem);
        Assert.Equal([trusted.ExportSubjectPublicKeyInfoPem()], options.TrustedKeysPem);
    }

    [Fact]
    public void Load_SharedThatMakesNoSense_TellsAllFaultsTogether()
    {
        using var directory = new TempDirectory();
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(directory["p384.pem"], curve.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(directory["text.pem"], "larder-canary");

        var faults = ConfigurationFile.FaultsOf(
            $$"""
            { "shared": {
              "url": "ftp://host/x", "read": "perhaps", "namespace": "Main!", "deadline": "0 s", "least_bytes_per_second": 0,
              "lease_wait": "soon", "signing_key": "{{directory["p384.pem"]}}",
              "trusted_keys": ["{{directory["text.pem"]}}", "{{directory["gone.pem"]}}"], "lease": true
            } }
            """
        );

        Assert.Equal(
            [
                "shared.url makes no sense: 'ftp://host/x' is no shared store. Write file:///directory, s3://bucket/prefix or az://account/container/prefix.",
                "shared.read is 'perhaps'; true or false is expected.",
                "shared.namespace is 'Main!'; 1 to 64 lower-case letters, digits, '-' and '_' are expected.",
                "shared.deadline is not above 0 and up to 1 h.",
                "shared.least_bytes_per_second is 0; a transfer at no rate would never end.",
                $"shared.signing_key names '{directory["p384.pem"]}', which is not on the curve P-256.",
                $"shared.trusted_keys names '{directory["text.pem"]}', which is no public ECDSA key as PEM (-----BEGIN PUBLIC KEY-----).",
                $"shared.trusted_keys names '{directory["gone.pem"]}', which cannot be read: Could not find file '{directory["gone.pem"]}'.",
                "shared.lease_wait is 'soon'; a time such as '30 s', '5 min', '12 h' or '7 d' is expected.",
                "shared.lease is unknown. Did you mean 'leases'?",
            ],
            faults
        );
    }

    [Fact]
    public void Load_SharedWithoutUrl_IsAFault() =>
        Assert.StartsWith(
            "shared.url is missing",
            Assert.Single(ConfigurationFile.FaultsOf("""{"shared": {"models": true}}""")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Load_SharedNeitherReadNorWritten_IsSaid() =>
        Assert.Equal(
            ["shared.read and shared.write are both false, so the store is not used."],
            ConfigurationFile
                .Load("""{"shared": {"url": "file:///srv/team", "read": false, "write": false}}""")
                .Warnings
        );
}
