using Azure.Core;
using Azure.Core.Pipeline;

namespace Larder.Azure;

/// <summary>How requests go through the pipeline of Azure's libraries.</summary>
internal sealed class BlobClientOptions : ClientOptions
{
    public BlobClientOptions(HttpClient http, TimeSpan answerTimeout)
    {
        Transport = new HttpClientTransport(http);
        // What fails is asked for again by the transfer, which has a budget for that.
        Retry.MaxRetries = 0;
        Retry.NetworkTimeout = answerTimeout;
        // Both would have addresses in them, and those have secrets.
        Diagnostics.IsLoggingEnabled = false;
        Diagnostics.IsDistributedTracingEnabled = false;
        Diagnostics.ApplicationId = "larder";
    }
}
