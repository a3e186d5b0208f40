namespace Larder.Recordings.Tests;

/// <summary>Methods of every shape that can be recorded.</summary>
public interface IAssistant
{
    [TestCache]
    Task<string> AskAsync(string question, int maxTokens = 10, CancellationToken cancellationToken = default);

    [TestCache]
    Task<int> CountAsync(string text);

    [TestCache]
    ValueTask<string?> RecallAsync(string what);

    [TestCache]
    Task ForgetAsync(string what);

    [TestCache]
    ValueTask RestAsync();

    [TestCache]
    IAsyncEnumerable<string> TellAsync(string topic, CancellationToken cancellationToken = default);

    [TestCache]
    double Weigh(float[] features);

    [TestCache]
    void Learn(string fact);

    [TestCache]
    Task<T> ConvertAsync<T>(string text);

    [TestCache]
    Task<Dictionary<string, int>> TableAsync(string text);

    [NotNeededInReplay]
    Task LoadAsync();

    string Status();
}
