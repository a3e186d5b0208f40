using System.Text.Json;
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

    private const string SignOutPath = "/logout";
    private const int MaxBodyBytes = 16 << 10;
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
            size.MaxRequestBodySize = MaxBodyBytes;
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
            await audit.SignInFailedAsync(context);
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
        await AnswerAsync(context, isForm, "sign in", LocalPath(context, back));
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

    private static async Task<(string? Token, string? Return)> ReadFormAsync(HttpContext context)
    {
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            // Copied out of a terminal or a mail, it has spaces around it that are none of it.
            return (form[TokenField].ToString().Trim(), form[ReturnField]);
        }
        catch (InvalidDataException)
        {
            return (null, null); // No form, whatever it says it is, or one with too many fields.
        }
    }

    /// <summary>The token; null when there is none.</summary>
    private static async Task<string?> ReadJsonAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(
                context.Request.Body,
                cancellationToken: context.RequestAborted
            );
            if (
                body.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty(TokenField, out var token)
                && token.ValueKind == JsonValueKind.String
            )
                return token.GetString();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // No document, or half of a pair of surrogates. Without what the parser says, which may be a part of the token.
        }
        return null;
    }

    // Only a path of this server: what begins with two slashes is another's address. What a header cannot have is no path either.
    private static string LocalPath(HttpContext context, string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && path.All(letter => letter is > ' ' and <= '~') ? path : At(context, "/");

    // The server may be a part of an application, below a path of it.
    private static string At(HttpContext context, string path) => context.Request.PathBase.ToUriComponent() + path;

    private static void SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }
}
