using Grants.Service.Hosting.Embedded;

namespace Grants.Service.Api;

/// <summary>GraphiQL in development, from the npm packages of the local tools: no third party is asked for a script.</summary>
public static class GraphiQLPage
{
    private static readonly Dictionary<string, (string File, string Type)> Files = new()
    {
        ["graphiql.js"] = ("graphiql/graphiql.min.js", "text/javascript"),
        ["graphiql.css"] = ("graphiql/graphiql.min.css", "text/css"),
        ["react.js"] = ("react/umd/react.production.min.js", "text/javascript"),
        ["react-dom.js"] = ("react-dom/umd/react-dom.production.min.js", "text/javascript"),
    };

    private const string Page = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Grants: GraphiQL</title><link rel="stylesheet" href="/graphiql/graphiql.css">
        <style>body, #graphiql { margin: 0; height: 100vh }</style></head>
        <body><div id="graphiql">Loading…</div>
        <script src="/graphiql/react.js"></script>
        <script src="/graphiql/react-dom.js"></script>
        <script src="/graphiql/graphiql.js"></script>
        <script>
          ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, {
            fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
            defaultQuery: '{\n  chain { head { number } finalized { number } }\n  programs(first: 10) { edges { node { name } } }\n}',
          }));
        </script></body></html>
        """;

    public static void MapGraphiQL(this WebApplication app)
    {
        app.MapGet("/graphiql", () => Results.Text(Page, "text/html; charset=utf-8"));
        app.MapGet("/graphiql/{name}", (string name) =>
            Files.TryGetValue(name, out var file)
                && Path.Combine(LocalFolder.Find(), "node_modules", file.File) is var path && File.Exists(path)
                    ? Results.File(path, file.Type)
                    : Results.NotFound());
    }
}
