using System.Text.Json;
using Larder.Content;
using Larder.Pull;
using Larder.Server.Runtimes;

namespace Larder.Server.Tests.Models;

/// <summary>Which version answered, and how it was come by.</summary>
internal sealed record GatedAnswer(Digest Version, PullOutcome Files, bool FilesFromCache, bool GraphFromCache)
    : IModelAnswer
{
    public void Write(Utf8JsonWriter json, string modelId) => json.WriteStringValue(Version.ToString());
}
