namespace Reviews.Tests;

public sealed class TriageTests(SentimentFixture fixture)
{
    private readonly Triage _triage = new(fixture.Sentiment);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("The room was lovely and the staff were helpful.", false)]
    [InlineData("Terrible. The kettle arrived broken and nobody answers.", true)]
    [InlineData("It is blue.", false)]
    public async Task IsUrgent_OnlyWhereSomebodyComplainsLoudly(string review, bool expected) =>
        Assert.Equal(expected, await _triage.IsUrgentAsync(review, Token));

    [Fact]
    public async Task WorstSentence_OfMixedReview_IsTheComplaint() =>
        Assert.Equal(
            "The handle is awful",
            await _triage.WorstSentenceAsync("Superb kettle! The handle is awful. It boils quickly.", Token)
        );

    [Fact]
    public async Task WorstSentence_OfPraise_IsNone() =>
        Assert.Null(await _triage.WorstSentenceAsync("Superb kettle! Friendly people.", Token));

    [Fact]
    public async Task WorstSentence_OfNothing_IsNone() => Assert.Null(await _triage.WorstSentenceAsync("", Token));
}
