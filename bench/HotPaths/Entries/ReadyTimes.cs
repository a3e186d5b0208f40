using Measuring;

namespace HotPaths.Entries;

/// <summary>Times of several starts of a server.</summary>
internal sealed class ReadyTimes
{
    public Samples Listens { get; } = new();

    public Samples Answers { get; } = new();

    public void Add((TimeSpan Listens, TimeSpan Answers) times)
    {
        Listens.Add(times.Listens);
        Answers.Add(times.Answers);
    }
}
