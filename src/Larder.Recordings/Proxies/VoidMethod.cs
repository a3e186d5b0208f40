using System.Reflection;
using Larder.Recordings.Calls;

namespace Larder.Recordings.Proxies;

/// <summary>A method that returns nothing.</summary>
internal sealed class VoidMethod(MethodInfo method, RecordedSignature signature) : RecordedMethod(method, signature)
{
    protected override object? Answer(
        Recordings recordings,
        RecordedCall call,
        Func<CancellationToken, object?> live,
        CancellationToken cancellationToken
    )
    {
        recordings.GetOrRecord<Nothing>(
            call,
            () =>
            {
                live(cancellationToken);
                return default;
            },
            cancellationToken
        );
        return null;
    }
}
