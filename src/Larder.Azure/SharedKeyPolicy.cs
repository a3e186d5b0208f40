using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Larder.Azure;

/// <summary>Dates and signs each request just before it is sent, when nothing is added to it any more.</summary>
internal sealed class SharedKeyPolicy(string account, byte[] key, TimeProvider timeProvider)
    : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var headers = message.Request.Headers;
        headers.SetValue("x-ms-date", timeProvider.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
        headers.SetValue("Authorization", SharedKey.Authorization(message.Request, account, key));
    }
}
