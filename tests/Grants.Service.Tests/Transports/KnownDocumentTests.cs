using Grants.Service.Api.Documents;
using GraphQLParser;
using Xunit;

namespace Grants.Service.Tests.Transports;

public sealed class KnownDocumentTests
{
    [Fact]
    public void strangers_documents_fill_no_memory()
    {
        var documents = new KnownDocuments();
        var document = Parser.Parse("{ __typename }");
        var text = new string(' ', KnownDocuments.CharactersMax / 4);
        for (var i = 0; i < 40; i++)
            documents.Add(text + i, document);
        Assert.InRange(Enumerable.Range(0, 40).Count(i => documents.Find(text + i) is not null), 1, 4);
        Assert.Same(document, documents.Find(text + 39));
    }

    [Fact]
    public void a_text_that_was_never_executed_is_not_known() => Assert.Null(new KnownDocuments().Find("{ __typename }"));
}
