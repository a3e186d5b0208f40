namespace ModelGenerator.HousePrices;

public sealed class NetworkTests
{
    [Fact]
    public void HeldOutError_AfterTraining_IsUnderHalfAPercent() =>
        Assert.InRange(Network.Train(Market.First).HeldOutError(Market.First), 0, 0.005);
}
