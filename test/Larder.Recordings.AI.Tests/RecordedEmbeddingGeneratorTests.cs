using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Tests;

public sealed class RecordedEmbeddingGeneratorTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(1536)]
    public async Task Replay_Vectors_AreTheSameToTheLastBit(int dimensions)
    {
        var options = new EmbeddingGenerationOptions { ModelId = "some-model", Dimensions = dimensions };
        using var generator = new FakeEmbeddingGenerator<string>(text => Vector(text, dimensions));
        using (var recording = _room.Open(RecordingMode.Record))
            await generator.UseRecordings(recording).GenerateAsync(["a", "b"], options, Token);
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = new FakeEmbeddingGenerator<string>(_ => throw new InvalidOperationException("It was asked."));

        var replayed = await other.UseRecordings(recordings).GenerateAsync(["a", "b"], options, Token);

        Assert.Equal(
            new[] { "a", "b" }.SelectMany(text => Vector(text, dimensions)).Select(BitConverter.SingleToInt32Bits),
            replayed.SelectMany(embedding => embedding.Vector.ToArray()).Select(BitConverter.SingleToInt32Bits)
        );
        Assert.All(replayed, embedding => Assert.Equal("some-model", embedding.ModelId));
        Assert.Equal(7, replayed.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Replay_OfOtherValuesOrOptions_IsMissing()
    {
        using var generator = new FakeEmbeddingGenerator<string>(text => Vector(text, 2));
        using (var recording = _room.Open(RecordingMode.Record))
            await generator.UseRecordings(recording).GenerateAsync(["a", "b"], cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Replay);
        var replayed = generator.UseRecordings(recordings);

        await Assert.ThrowsAsync<RecordingMissingException>(() =>
            replayed.GenerateAsync(["b", "a"], cancellationToken: Token)
        );
        await Assert.ThrowsAsync<RecordingMissingException>(() =>
            replayed.GenerateAsync(["a", "b"], new EmbeddingGenerationOptions { Dimensions = 2 }, Token)
        );
        await Assert.ThrowsAsync<RecordingMissingException>(() =>
            replayed.GenerateAsync(["ab"], cancellationToken: Token)
        );
        await replayed.GenerateAsync(["a", "b"], new EmbeddingGenerationOptions(), Token);
    }

    [Fact]
    public async Task Pictures_CountByTheirBytes()
    {
        using var generator = new FakeEmbeddingGenerator<DataContent>(picture => [picture.Data.Span[0]]);
        using (var recording = _room.Open(RecordingMode.Record))
            await generator.UseRecordings(recording).GenerateAsync([Picture(1)], cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Replay);
        var replayed = generator.UseRecordings(recordings);

        var first = await replayed.GenerateAsync([Picture(1)], cancellationToken: Token);
        Assert.Equal([1f], first[0].Vector.ToArray());
        await Assert.ThrowsAsync<RecordingMissingException>(() =>
            replayed.GenerateAsync([Picture(2)], cancellationToken: Token)
        );

        static DataContent Picture(byte first) => new(new byte[] { first, 2, 3 }, "image/png");
    }

    [Fact]
    public async Task Replay_GeneratorThatIsMadeLater_IsNeverMade()
    {
        var deployment = new Deployment("some-model");
        using (var recording = _room.Open(RecordingMode.Record))
        using (
            var live = recording.WrapEmbeddingGenerator(
                () => new FakeEmbeddingGenerator<string>(_ => [1, 2]),
                deployment
            )
        )
            await live.GenerateAsync(["a"], cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Replay);
        var metadata = new EmbeddingGeneratorMetadata("some provider", defaultModelDimensions: 2);
        using var replayed = recordings.WrapEmbeddingGenerator<string, Embedding<float>>(
            () => throw new InvalidOperationException("It was made."),
            deployment,
            metadata
        );

        var embeddings = await replayed.GenerateAsync(["a"], cancellationToken: Token);
        Assert.Equal([1f, 2f], embeddings[0].Vector.ToArray());
        Assert.Same(metadata, replayed.GetService<EmbeddingGeneratorMetadata>());
        Assert.Null(replayed.GetService<FakeEmbeddingGenerator<string>>());
    }

    private static float[] Vector(string text, int dimensions) =>
        [.. Enumerable.Range(1, dimensions).Select(i => MathF.Sin(i * text[0]) / 3)];
}
