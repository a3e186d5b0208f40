using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Sharing;

namespace Larder.Tests.Sharing;

public sealed class SharedSigningTests : IAsyncDisposable
{
    private readonly SharedTeam _team = new();
    private readonly ECDsa _alice = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private SharedCacheOptions Alice => new() { SigningKeyPem = _alice.ExportPkcs8PrivateKeyPem() };

    private SharedCacheOptions Mallory => new() { SigningKeyPem = _mallory.ExportPkcs8PrivateKeyPem() };

    private SharedCacheOptions TrustsAlice => new() { TrustedKeysPem = [_alice.ExportSubjectPublicKeyInfoPem()] };

    public async ValueTask DisposeAsync()
    {
        await _team.DisposeAsync();
        _alice.Dispose();
        _mallory.Dispose();
    }

    [Fact]
    public async Task PublishAsync_WithAKey_LiesUnderItsSignerAndIsBelieved()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key(), options: Alice);

        Assert.NotNull(_team.Store.Find(NameOf(answer, _alice)));
        Assert.Null(_team.Store.Find(answer.EntryName));
        Assert.NotNull(await _team.NewCache(TrustsAlice).ReadAsync(answer.Key));
        Assert.NotNull(await _team.NewCache(Alice).ReadAsync(answer.Key));
    }

    [Fact]
    public async Task PublishAsync_WithAKey_SignsTheCanonicalDocumentWithItsNamespace()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key(), options: Alice);
        var document = JsonNode.Parse(_team.Store.Find(NameOf(answer, _alice)))!.AsObject();
        var signature = document["signature"]!;
        document.Remove("signature");

        Assert.Equal("main", (string?)document["namespace"]);
        Assert.Equal(Digest.Of(_alice.ExportSubjectPublicKeyInfo()).ToString(), (string?)signature["key"]);
        Assert.True(
            _alice.VerifyData(
                CanonicalJson.Serialize(document),
                Convert.FromBase64String((string)signature["value"]!),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence
            )
        );
    }

    [Fact]
    public async Task AcquireLeaseAsync_OldEntriesOfTwoSigners_AreNoReasonToLookAgain()
    {
        var key = SharedTeam.Key("s3://bucket/model/", kind: "model");
        await _team.PublishNewAsync(key, seed: 1, Alice);
        await _team.PublishNewAsync(key, seed: 2, Mallory);
        var both = TrustsAlice with { SigningKeyPem = Mallory.SigningKeyPem };
        var cache = _team.NewCache(both);
        var found = await cache.FindOneAsync(key);

        await using var lease = await cache.AcquireLeaseAsync(key, found, TestContext.Current.CancellationToken);

        Assert.NotNull(found);
        Assert.True(lease.IsHeld);
        Assert.False(lease.MustLookAgain);
    }

    [Fact]
    public async Task FindAsync_UnsignedEntryWhereKeysAreTrusted_IsAMiss()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());

        Assert.Null(await _team.NewCache(TrustsAlice).FindOneAsync(answer.Key));
        // Not even in the signer's place.
        _team.Store.Put(NameOf(answer, _alice), _team.Store.Find(answer.EntryName)!);
        Assert.Null(await _team.NewCache(TrustsAlice).FindOneAsync(answer.Key));
        Assert.Contains("no signature", Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_EntryOfAnUntrustedSigner_StandsInNobodysPlace()
    {
        var bad = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1, Mallory);
        Assert.Null(await _team.NewCache(TrustsAlice).FindOneAsync(bad.Key));
        _team.Store.Put(NameOf(bad, _alice), _team.Store.Find(NameOf(bad, _mallory))!);
        Assert.Null(await _team.NewCache(TrustsAlice).FindOneAsync(bad.Key));

        var good = _team.NewAnswer(SharedTeam.Key(), seed: 2);
        Assert.Equal(SharedOutcome.Replaced, (await _team.NewCache(Alice).PublishAsync(good)).Outcome);

        Assert.Equal(good.Manifest.Digest, (await _team.NewCache(TrustsAlice).ReadAsync(good.Key))?.Digest);
    }

    [Fact]
    public async Task FindAsync_AnyByteOfTheDocumentIsAnother_IsNeverBelievedToSayAnother()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key(), options: Alice);
        var name = NameOf(answer, _alice);
        var document = _team.Store.Find(name)!;
        var cache = _team.NewCache(TrustsAlice);
        var believed = 0;
        for (var i = 0; i < document.Length; i++)
        {
            byte[] changed = [.. document];
            changed[i] ^= 1;
            _team.Store.Put(name, changed);
            if (await cache.FindOneAsync(answer.Key) is not { } entry)
                continue;
            believed++;
            Assert.Equal(answer.Manifest.Digest, entry.Manifest);
            Assert.Equal(answer.Entry.SizeBytes, entry.SizeBytes);
        }
        // Bits that a base 64 text has to spare, at most.
        Assert.InRange(believed, 0, 2);
    }

    [Fact]
    public async Task FindAsync_DocumentMovedToAnotherNamespace_IsAMiss()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key(), options: Alice);
        var moved = NameOf(answer, _alice).Replace("entries/main.", "entries/release.", StringComparison.Ordinal);
        _team.Store.Put(moved, _team.Store.Find(NameOf(answer, _alice))!);

        var cache = _team.NewCache(TrustsAlice with { Namespace = "release" });

        Assert.Null(await cache.FindOneAsync(answer.Key));
        Assert.Contains("another namespace", Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_DocumentMovedToAnotherKey_IsAMiss()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key("one"), options: Alice);
        var other = _team.NewAnswer(SharedTeam.Key("two"));
        _team.Store.Put(NameOf(other, _alice), _team.Store.Find(NameOf(answer, _alice))!);

        Assert.Null(await _team.NewCache(TrustsAlice).FindOneAsync(other.Key));
    }

    [Theory]
    [InlineData("""{"namespace":"main","namespace":"main","signature":{}}""")]
    [InlineData("""{"signature":7}""")]
    [InlineData("""{"signature":{"key":{},"value":[]}}""")]
    [InlineData("""{"signature":{"key":"KEY","value":"%%%"},"namespace":"main"}""")]
    [InlineData("""{"signature":{"key":"KEY","value":"AAAA"},"namespace":"main"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task FindAsync_SignedNonsense_IsAMissWithAWarning(string document)
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        var key = Digest.Of(_alice.ExportSubjectPublicKeyInfo()).ToString();
        document = document.Replace("KEY", key, StringComparison.Ordinal);
        _team.Store.Put(NameOf(answer, _alice), System.Text.Encoding.UTF8.GetBytes(document));

        Assert.Null(await _team.NewCache(TrustsAlice).FindOneAsync(answer.Key));
        Assert.Single(_team.Log.Warnings);
    }

    [Fact]
    public async Task PublishAsync_WithTrustedKeysAndNoneToSignWith_PublishesNothing()
    {
        var publication = await _team.NewCache(TrustsAlice).PublishAsync(_team.NewAnswer(SharedTeam.Key()));

        Assert.Equal(SharedOutcome.NotPublished, publication.Outcome);
        Assert.Empty(_team.Store.Names);
        Assert.Contains("no key to sign with", Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_OfTwoTrustedSigners_PrefersTheFirst()
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1, Alice);
        await _team.PublishNewAsync(SharedTeam.Key(), seed: 2, Mallory);
        var both = TrustsAlice with
        {
            TrustedKeysPem = [_alice.ExportSubjectPublicKeyInfoPem(), _mallory.ExportSubjectPublicKeyInfoPem()],
        };

        Assert.Equal(first.Manifest.Digest, (await _team.NewCache(both).ReadAsync(first.Key))?.Digest);
    }

    private static string NameOf(Answer answer, ECDsa signer) =>
        SharedNames.Entry($"main.{Digest.Of(signer.ExportSubjectPublicKeyInfo())}", answer.Key.Kind, answer.Key.Digest);
}
