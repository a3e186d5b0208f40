using Larder.Onnx;

namespace ModelGenerator.Sentiment;

public sealed class SentimentModelTests : IDisposable
{
    private readonly OnnxModel _model = OnnxModel.Load(
        Path.Combine(AppContext.BaseDirectory, "models/sentiment/model.onnx")
    );

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Run_SentencesOfTheReadme_GetsAllRight()
    {
        Assert.All(Run(Sentences.Praise), answer => Assert.Equal("positive", answer.Label));
        Assert.All(Run(Sentences.Complaints), answer => Assert.Equal("negative", answer.Label));
    }

    [Theory]
    [InlineData("It was great.", 0.881)]
    [InlineData("It was GREAT, great!", 0.982)]
    [InlineData("It was not great.", 0.182)]
    [InlineData("It was not, they say, great.", 0.182)]
    [InlineData("It was not what I would call great.", 0.881)]
    [InlineData("It isn’t bad.", 0.818)]
    [InlineData("The cat sat on the mat.", 0.5)]
    [InlineData("日本語 👍", 0.5)]
    [InlineData("", 0.5)]
    public void Run_OneText_ScoresByTheRuleOfTheReadme(string text, double expected) =>
        Assert.Equal(expected, Run([text])[0].Score, tolerance: 0.001);

    [Fact]
    public void Run_TextsOfDifferentLengths_ScoresEachAsIfAlone()
    {
        string[] texts = ["", "bad", "I would not say that this long text has anything bad to tell, no"];

        Assert.Equal(texts.Select(text => Run([text])[0]), Run(texts));
    }

    private (string Label, float Score)[] Run(IReadOnlyList<string> texts)
    {
        var outputs = _model.Run(
            new Dictionary<string, Tensor>(StringComparer.Ordinal)
            {
                ["text"] = new Tensor<string>(texts.ToArray(), texts.Count),
            },
            TestContext.Current.CancellationToken
        );
        var labels = ((Tensor<string>)outputs["label"]).Data.ToArray();
        var scores = ((Tensor<float>)outputs["score"]).Data.ToArray();
        return [.. labels.Zip(scores)];
    }
}
