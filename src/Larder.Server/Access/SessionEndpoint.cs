using System.Text.Json;
using Larder.Onnx.Json;
using Larder.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Larder.Server.Access;

/// <summary><c>POST /login</c> and <c>POST /logout</c>: a token for a cookie, and its end. Forms are answered with a redirect, JSON with 204.</summary>
internal sealed class SessionEndpoint(AccessTokens tokens, SessionTable sessions, AuditLog audit)
{
    /// <summary>The page where people sign in; it has <c>?failed=1</c> after a try that did not work.</summary>
    public const string SignInPage = "/login";

    // As the audit log has it.
    private const string SignIn = "sign in";

    private const string SignOutPath = "/logout";
    private const string TokenField = "token";
    private const string ReturnField = "return";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(SignInPage, (RequestDelegate)SignInAsync).IsOpen();
        endpoints.MapPost(SignOutPath, (RequestDelegate)SignOutAsync).IsOpen();
    }

    private async Task SignInAsync(HttpContext context)
    {
        // Or a page elsewhere could sign somebody in as another.
        if (WebOrigins.IsForeign(context.Request))
        {
            await ProblemWriter.WriteAsync(context, AccessProblems.ForeignOrigin);
            return;
        }
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = RequestForm.MaxBytes;
        var isForm = context.Request.HasFormContentType;
        if (!isForm && !context.Request.HasJsonContentType())
        {
            await ProblemWriter.WriteAsync(context, AccessProblems.WrongContent);
            return;
        }
        var (presented, back) = isForm ? await ReadFormAsync(context) : (await ReadJsonAsync(context), null);
        if (presented is null)
        {
            await ProblemWriter.WriteAsync(context, AccessProblems.WrongContent);
            return;
        }
        var token = BearerCredentials.FaultIn(presented) is null ? tokens.Find(presented) : null;
        if (token is null)
        {
            await audit.WrongTokenAsync(context, SignIn);
            if (isForm)
                SeeOther(
                    context,
                    $"{At(context, SignInPage)}?failed=1&return={Uri.EscapeDataString(LocalPath(context, back))}"
                );
            else
                await ProblemWriter.WriteAsync(context, AccessProblems.WrongToken);
            return;
        }
        // Whoever had a session in this browser has it no longer.
        Close(context);
        SessionCookie.Write(context, sessions.Open(token));
        context.Features.Set(new Identity(Caller.Of(token, CallerKind.Session), null));
        await AnswerAsync(context, isForm, SignIn, LocalPath(context, back));
    }

    private async Task SignOutAsync(HttpContext context)
    {
        if (!WebOrigins.IsOurs(context.Request))
        {
            await ProblemWriter.WriteAsync(context, AccessProblems.ForeignOrigin);
            return;
        }
        Close(context);
        SessionCookie.Remove(context);
        await AnswerAsync(context, context.Request.HasFormContentType, "sign out", At(context, SignInPage));
    }

    private void Close(HttpContext context)
    {
        if (SessionCookie.Read(context.Request) is { } id)
            sessions.Close(id);
    }

    private async Task AnswerAsync(HttpContext context, bool isForm, string what, string page)
    {
        if (isForm)
            SeeOther(context, page);
        else
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (context.Caller() is not null)
            await audit.RequestAsync(context, what, AuditOutcome.Done);
    }

    /// <summary>The token, null when the form cannot be read; and where to go then.</summary>
    private static async Task<(string? Token, string? Return)> ReadFormAsync(HttpContext context) =>
        await RequestForm.ReadAsync(context) is { } form
            // Copied out of a terminal or a mail, it has spaces around it that are none of it.
            ? (form[TokenField].ToString().Trim(), form[ReturnField])
            : default;

    /// <summary>The token; null when there is none.</summary>
    private static async Task<string?> ReadJsonAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body,
                cancellationToken: context.RequestAborted
            );
            JsonNames.ThrowIfBroken(body.RootElement);
            if (
                body.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty(TokenField, out var token)
                && Elements.TryText(token, out var text) is null
            )
                return text;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // No document, or half of a pair of surrogates. Without what the parser says, which may be a part of the token.
        }
        return null;
    }

    // Only a path of this server: what begins with two slashes is another's address.
    private static string LocalPath(HttpContext context, string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : At(context, "/");

    // The server may be a part of an application, below a path of it.
    private static string At(HttpContext context, string path) => context.Request.PathBase.ToUriComponent() + path;

    private static void SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        // Headers are ASCII; what a browser shows of a path is not.
        context.Response.Headers.Location = string.Concat(
            path.EnumerateRunes().Select(rune => rune.IsAscii ? $"{rune}" : Uri.EscapeDataString($"{rune}"))
        );
    }
}
