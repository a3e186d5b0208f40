using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Workers.Serving;

/// <summary>What is the same for requests that come to the same workers as long as the origin's version does not change.</summary>
internal readonly record struct RequestKey(ModelReference Reference, Digest Program, Digest? Version, Digest? Choice)
{
    public static RequestKey Of(WorkerModelRequest request) =>
        new(
            request.Reference,
            request.Program.Identity,
            request.Pull.Digest,
            // Of most models all files are wanted, and then this costs nothing.
            request.Pull.IsOfAllFiles
                ? null
                : PullRequest.KeyOf(request.Reference, request.Pull).Digest
        );
}
