using Larder.OriginConformance;
using Larder.Origins;
using Larder.TestKit.Hub;

namespace Larder.HuggingFace.Tests;

/// <summary>A private repository of a Hub of the test's own.</summary>
internal sealed class HubSite : OriginSite
{
    private readonly TestHub _hub = new();
    private readonly TestHubRepository _repository;
    private readonly HuggingFaceOrigin _origin;
    private readonly HuggingFaceOrigin _nobody;
    private readonly HuggingFaceOrigin _nowhere;

    /// <summary>Creates it.</summary>
    /// <param name="areLarge">Whether its files are large ones, which the Hub keeps elsewhere and tells the SHA-256 of.</param>
    public HubSite(bool areLarge)
    {
        TellsDigests = areLarge;
        _repository = _hub.Create("the-org/The_Model");
        _repository.IsPrivate = true;
        _repository.IsLarge = _ => areLarge;
        _hub.Create("the-org/gated").Gate = HubGate.Everything;
        _origin = OriginOf(_hub.Endpoint, TestHub.Token);
        _nobody = OriginOf(_hub.Endpoint, token: null);
        _nowhere = OriginOf(new Uri("http://127.0.0.1:1"), TestHub.Token);
    }

    public override IOrigin Origin => _origin;

    public override ModelReference Reference => Of("@main");

    public override IReadOnlyList<ModelReference> Missing =>
        [
            ModelReference.Parse("hf://the-org/nothing"),
            ModelReference.Parse("hf://nothing"),
            ModelReference.Parse("hf://datasets/the-org/The_Model"),
            Of("@v2"),
            Of("@refs/pr/1"),
            Of($"@{new string('0', 40)}"),
            Of("@main/nothing/"),
            Of("@main/nothing.bin"),
        ];

    public override (IOrigin Origin, ModelReference Reference)? Stranger =>
        (_nobody, ModelReference.Parse("hf://the-org/gated"));

    public override (IOrigin Origin, ModelReference Reference)? Unreachable => (_nowhere, Reference);

    public override bool TellsDigests { get; }

    public override long? BytesSent => _hub.BytesSent;

    public override IReadOnlyList<string> Secrets => [TestHub.Token, TestHub.Signature];

    public override Task PutAsync(string path, byte[] bytes)
    {
        _repository.Put(path, bytes);
        return Task.CompletedTask;
    }

    public override Task DeleteAsync(string path)
    {
        _repository.Delete(path);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        _origin.Dispose();
        _nobody.Dispose();
        _nowhere.Dispose();
        await _hub.DisposeAsync();
    }

    private static HuggingFaceOrigin OriginOf(Uri endpoint, string? token) =>
        new(new HuggingFaceOptions { Endpoint = endpoint, Token = token }, new HubEnvironment(_ => null));

    private static ModelReference Of(string revision) => ModelReference.Parse($"hf://the-org/The_Model{revision}");
}
