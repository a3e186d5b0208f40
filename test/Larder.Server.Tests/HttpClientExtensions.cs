using System.Net.Http.Headers;

namespace Larder.Server.Tests;

/// <summary>Requests of callers with tokens.</summary>
internal static class HttpClientExtensions
{
    /// <summary>Sends a request and returns the answer with its body read.</summary>
    public static async Task<HttpResponseMessage> CallAsync(
        this HttpClient http,
        HttpMethod method,
        string path,
        string? token = null,
        Action<HttpRequestMessage>? change = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a request and returns the one JSON document of the answer.</summary>
    public static async Task<Answer> AskAsync(
        this HttpClient http,
        HttpMethod method,
        string path,
        string? token = null,
        Action<HttpRequestMessage>? change = null
    )
    {
        using var response = await http.CallAsync(method, path, token, change);
        return await Answer.ReadAsync(response);
    }
}
