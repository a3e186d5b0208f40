using Larder.Recordings;

namespace PackagePages;

/// <summary>A service whose answers are recorded.</summary>
public interface ISentiment
{
    [TestCache]
    Task<double> ScoreAsync(string text, CancellationToken cancellationToken = default);
}
