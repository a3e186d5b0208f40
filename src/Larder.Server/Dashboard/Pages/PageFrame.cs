using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Larder.Server.Dashboard.Pages;

/// <summary>Puts a page into the view that it shows.</summary>
/// <remarks>
/// Components made of Razor files are public, and so would be every type of their parameters. What a page shows therefore comes
/// to its components as a cascading value, which may be internal.
/// </remarks>
internal sealed class PageFrame<TPage, TView> : ComponentBase
    where TPage : IComponent
    where TView : class
{
    [Parameter]
    public TView? View { get; set; }

    /// <summary>The path below which the server answers, for the addresses on the page.</summary>
    [Parameter]
    public string PathBase { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<TView>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), View);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)WithPathBase);
        builder.CloseComponent();
    }

    private void WithPathBase(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<string>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Name), nameof(PathBase));
        builder.AddComponentParameter(2, nameof(CascadingValue<>.Value), PathBase);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(4, nameof(CascadingValue<>.ChildContent), (RenderFragment)Page);
        builder.CloseComponent();
    }

    private static void Page(RenderTreeBuilder builder)
    {
        builder.OpenComponent<TPage>(0);
        builder.CloseComponent();
    }
}
