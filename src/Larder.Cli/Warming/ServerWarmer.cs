using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Larder.Origins;

namespace Larder.Cli.Warming;

/// <summary>Asks a server to warm its models.</summary>
internal sealed class ServerWarmer : IWarmer
{
    private readonly HttpClient _http;
    private readonly bool _filesOnly;
    private Dictionary<string, string>? _idsByReference;

    /// <summary>Describes a server; nothing is asked of it yet.</summary>
    /// <param name="server">Its address.</param>
    /// <param name="token">What says that one may; null for a server without tokens.</param>
    /// <param name="filesOnly">Whether it fetches the files and loads nothing.</param>
    /// <exception cref="UsageException">The address is none.</exception>
    public ServerWarmer(string server, string? token, bool filesOnly)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"--server is '{server}'; an address such as http://127.0.0.1:8080 is expected.");
        if (uri.UserInfo.Length > 0)
            throw new UsageException("--server has a user or a password in it. A token is given by LARDER_TOKEN.");
        _filesOnly = filesOnly;
        _http = new HttpClient
        {
            BaseAddress = new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"),
            // A model takes as long as it takes, and Ctrl-C ends the wait.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<WarmResult> WarmAsync(WantedModel model, CancellationToken cancellationToken)
    {
        var id = model.Id ?? await IdOfAsync(model.Reference!, cancellationToken);
        var query = _filesOnly ? "?files_only=true" : "";
        using var answer = await SendAsync(
            HttpMethod.Post,
            $"api/models/{Uri.EscapeDataString(id)}/warm{query}",
            cancellationToken
        );
        var root = answer.RootElement;
        return new WarmResult(model.Name)
        {
            State = root.GetProperty("state").GetString(),
            Version = root.GetProperty("model_version").GetString(),
            Files = root.GetProperty("cache").GetProperty("files").GetString(),
            FromCache = root.GetProperty("from_cache").GetBoolean(),
            Duration = TimeSpan.FromSeconds(root.GetProperty("seconds").GetProperty("total").GetDouble()),
        };
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> IdOfAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        if (_idsByReference is null)
        {
            using var answer = await SendAsync(HttpMethod.Get, "api/models", cancellationToken);
            _idsByReference = answer
                .RootElement.GetProperty("models")
                .EnumerateArray()
                .GroupBy(model => model.GetProperty("reference").GetString()!, StringComparer.Ordinal)
                .ToDictionary(
                    group => group.Key,
                    group => group.First().GetProperty("model_id").GetString()!,
                    StringComparer.Ordinal
                );
        }
        return _idsByReference.TryGetValue(reference.Text, out var id)
            ? id
            : throw new NotFoundException($"No model of the server {_http.BaseAddress} is served from '{reference}'.");
    }

    private async Task<JsonDocument> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(text)
                : throw Refused(path, response.StatusCode, text);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            throw new ServerException(
                $"The server {_http.BaseAddress} does not answer as a Larder server does: {failure.Message}",
                failure
            );
        }
    }

    private LarderException Refused(string path, HttpStatusCode status, string text)
    {
        var detail = status.ToString();
        try
        {
            using var problem = JsonDocument.Parse(text);
            if (problem.RootElement.TryGetProperty("detail", out var told))
                detail = told.GetString() ?? detail;
        }
        catch (JsonException)
        {
            // Something else than Larder answered; its status has to do.
        }
        var message = $"The server {_http.BaseAddress} answered {(int)status} to {path}: {detail}";
        return status switch
        {
            HttpStatusCode.NotFound => new NotFoundException(message),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ServerException(
                message + " A token with the scope admin is given by LARDER_TOKEN."
            ),
            _ => new ServerException(message),
        };
    }
}
