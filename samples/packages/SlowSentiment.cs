namespace PackagePages;

/// <summary>The service itself.</summary>
public sealed class SlowSentiment : ISentiment
{
    // Stands for a model, a GPU, a network.
    public async Task<double> ScoreAsync(string text, CancellationToken cancellationToken = default)
    {
        Console.WriteLine("asked");
        await Task.Delay(1000, cancellationToken);
        return text.Contains("wonderful", StringComparison.Ordinal) ? 0.98 : 0.5;
    }
}
