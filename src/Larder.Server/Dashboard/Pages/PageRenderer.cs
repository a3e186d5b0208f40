using System.Text;
using Larder.Content;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Dashboard.Pages;

/// <summary>Renders components to HTML, once for each answer; nothing of them lives on.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggerFactory)
{
    /// <summary>Answers with a page.</summary>
    /// <typeparam name="TPage">Its component.</typeparam>
    /// <typeparam name="TView">What it shows, which reaches the component and all inside it.</typeparam>
    public async Task WriteAsync<TPage, TView>(HttpContext context, TView view, int status = StatusCodes.Status200OK)
        where TPage : IComponent
        where TView : class
    {
        var html = await RenderAsync<TPage, TView>(context, view);
        await WriteAsync(context, Encoding.UTF8.GetBytes("<!DOCTYPE html>\n" + html), status);
    }

    /// <summary>Answers with a part of a page, or with nothing where the caller has that very part.</summary>
    public async Task WritePartAsync<TPart, TView>(HttpContext context, TView view)
        where TPart : IComponent
        where TView : class
    {
        var bytes = Encoding.UTF8.GetBytes(await RenderAsync<TPart, TView>(context, view));
        var tag = $"\"{Digest.Of(bytes)}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            PageHeaders.Write(context.Response);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        await WriteAsync(context, bytes, StatusCodes.Status200OK);
    }

    private async Task<string> RenderAsync<TPage, TView>(HttpContext context, TView view)
        where TPage : IComponent
        where TView : class
    {
        await using var renderer = new HtmlRenderer(services, loggerFactory);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(PageFrame<TPage, TView>.View)] = view,
                [nameof(PageFrame<TPage, TView>.PathBase)] = context.Request.PathBase.ToUriComponent(),
            };
            var root = await renderer.RenderComponentAsync<PageFrame<TPage, TView>>(
                ParameterView.FromDictionary(parameters)
            );
            return root.ToHtmlString();
        });
    }

    private static async Task WriteAsync(HttpContext context, byte[] html, int status)
    {
        var response = context.Response;
        PageHeaders.Write(response);
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        // It shows what is now, to who may see it.
        response.Headers.CacheControl = "no-store";
        response.ContentLength = html.Length;
        await response.Body.WriteAsync(html, context.RequestAborted);
    }
}
