namespace Larder.Recordings.Requests;

/// <summary>What stands in every request of a deployment.</summary>
/// <param name="Written">Canonical JSON; null where the configuration may be another one at the next call.</param>
internal sealed record DeploymentPart(byte[]? Written)
{
    public static readonly DeploymentPart Changing = new(Written: null);
}
