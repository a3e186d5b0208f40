using System.Globalization;
using Larder.Content;
using Larder.Server.Http;

namespace Larder.Server.Inference;

/// <summary>Problems that only this protocol has.</summary>
internal static class InferenceProblems
{
    public static Problem WrongHeaderLength(int bytes) =>
        new(
            400,
            "bad-request",
            "The request could not be read",
            string.Create(
                CultureInfo.InvariantCulture,
                $"The header {InferenceAnswer.HeaderLength} must tell the length of the JSON document, at most the {bytes} bytes of the body."
            )
        );

    public static Problem UnknownVersion(string id, string version) =>
        new(
            404,
            "unknown-version",
            "There is no such version",
            $"The model '{id}' has no version '{Printable.Escape(version)}' here. A version is the digest that GET /v2/models/{id} lists."
        );
}
