using System.Runtime.CompilerServices;

namespace Larder.Recordings.Tests;

/// <summary>Answers by what a test gives it, and counts.</summary>
public sealed class Assistant : IAssistant, IDisposable
{
    public int Calls { get; private set; }

    public int Disposals { get; private set; }

    public Func<string, CancellationToken, Task<string>> OnAsk { get; set; } =
        (question, _) => Task.FromResult($"You asked: {question}");

    public Func<string, CancellationToken, IAsyncEnumerable<string>> OnTell { get; set; } =
        (topic, token) => Words(["Once", "upon", topic], token);

    public static async IAsyncEnumerable<string> Words(
        IEnumerable<string> words,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var word in words)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return word;
        }
    }

    public Task<string> AskAsync(string question, int maxTokens = 10, CancellationToken cancellationToken = default)
    {
        Calls++;
        return OnAsk(question, cancellationToken);
    }

    public Task<int> CountAsync(string text)
    {
        Calls++;
        return Task.FromResult(text.Length);
    }

    public ValueTask<string?> RecallAsync(string what)
    {
        Calls++;
        return new ValueTask<string?>(what.Length == 0 ? null : what);
    }

    public Task ForgetAsync(string what)
    {
        Calls++;
        return Task.CompletedTask;
    }

    public ValueTask RestAsync()
    {
        Calls++;
        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<string> TellAsync(string topic, CancellationToken cancellationToken = default)
    {
        Calls++;
        return OnTell(topic, cancellationToken);
    }

    public double Weigh(float[] features)
    {
        Calls++;
        return features.Sum() / 3.0;
    }

    public void Learn(string fact) => Calls++;

    public Task<T> ConvertAsync<T>(string text)
    {
        Calls++;
        return Task.FromResult(
            (T)Convert.ChangeType(text, typeof(T), System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    public Task<Dictionary<string, int>> TableAsync(string text)
    {
        Calls++;
        return Task.FromResult(new Dictionary<string, int> { [text] = text.Length });
    }

    public Task LoadAsync()
    {
        Calls++;
        return Task.CompletedTask;
    }

    public string Status() => "ready";

    public void Dispose() => Disposals++;
}
