using Microsoft.AspNetCore.Components;

namespace Larder.Server.Dashboard.Components;

/// <summary>A part of a page, which knows below which path of its host the server answers.</summary>
public abstract class PageComponent : ComponentBase
{
    /// <summary>The path, without a slash at its end; empty where the server has the host for itself.</summary>
    [CascadingParameter(Name = nameof(PathBase))]
    protected string PathBase { get; set; } = "";
}
