using Larder.Recordings;

namespace HotPaths.Recordings;

/// <summary>A service as its users wrap it.</summary>
public interface IAssistant
{
    /// <summary>A small answer to a small request.</summary>
    [TestCache]
    Task<string> AnswerAsync(string prompt, AnswerOptions options);
}
