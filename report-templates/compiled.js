// Made by `npm run templates` from report.hbs and report.css.
import Handlebars from 'handlebars/runtime.js';
export const report = Handlebars.template({"0":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<strong class=\"drill\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"drill") : depth0), depth0))
    + "</strong> ";
},"1":function(container,depth0,helpers,partials,data) {
    return " · provisional";
},"2":function(container,depth0,helpers,partials,data) {
    return " · final";
},"3":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"where\">Look in the browser:\n<a href=\"https://"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"console") : depth0), depth0))
    + "\">https://"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"console") : depth0), depth0))
    + "</a></p>\n";
},"4":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<div><dt>Who, from where?</dt><dd>"
    + container.escapeExpression(container.lambda(((stack1 = (depth0 != null ? lookupProperty(depth0,"glance") : depth0)) != null ? lookupProperty(stack1,"who") : stack1), depth0))
    + "</dd></div>\n";
},"5":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<code>"
    + container.escapeExpression(container.lambda(((stack1 = (depth0 != null ? lookupProperty(depth0,"release") : depth0)) != null ? lookupProperty(stack1,"command") : stack1), depth0))
    + "</code>";
},"6":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<div><dt>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"label") : depth0), depth0))
    + "</dt><dd>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"text") : depth0), depth0))
    + "</dd></div>\n";
},"7":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"note\">"
    + container.escapeExpression(container.lambda(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"provisional") : stack1), depth0))
    + "</p>\n";
},"8":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h2>What changed since version 1</h2>\n<ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"changed") : depth0),{"name":"each","hash":{},"fn":container.program(9, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":640,"column":0},"end":{"line":641,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"9":function(container,depth0,helpers,partials,data) {
    return "<li>"
    + container.escapeExpression(container.lambda(depth0, depth0))
    + "</li>\n";
},"10":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"about") : stack1),{"name":"each","hash":{},"fn":container.program(11, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":643,"column":0},"end":{"line":644,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"changed") : stack1),{"name":"each","hash":{},"fn":container.program(11, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":644,"column":9},"end":{"line":645,"column":9}}})) != null ? stack1 : "")
    + "· <a href=\"#numbers\">where each number comes from</a></p>\n";
},"11":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression;

  return "<a href=\"../"
    + alias2(alias1(depth0, depth0))
    + "\">"
    + alias2(alias1(depth0, depth0))
    + "</a>\n";
},"12":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<ul class=\"cards\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"contained") : depth0)) != null ? lookupProperty(stack1,"actions") : stack1),{"name":"each","hash":{},"fn":container.program(13, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":654,"column":0},"end":{"line":658,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"13":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li class=\"card "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"tone") : depth0), depth0))
    + "\">\n<p><strong>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "</strong><span class=\"target\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"target") : depth0), depth0))
    + "</span></p>\n<p class=\"outcome\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"outcome") : depth0), depth0))
    + "</p>\n<p class=\"small\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"stops") : depth0), depth0))
    + ((stack1 = lookupProperty(helpers,"if").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"since") : depth0),{"name":"if","hash":{},"fn":container.program(14, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":657,"column":26},"end":{"line":657,"column":66}}})) != null ? stack1 : "")
    + "</p></li>\n";
},"14":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return " It holds "
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"since") : depth0), depth0))
    + ".";
},"15":function(container,depth0,helpers,partials,data) {
    return "<p>Nothing was changed.</p>\n";
},"16":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"contained") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":661,"column":0},"end":{"line":661,"column":71}}})) != null ? stack1 : "")
    + "</p>\n";
},"17":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression;

  return "<a href=\"../"
    + alias2(alias1(depth0, depth0))
    + "\">"
    + alias2(alias1(depth0, depth0))
    + "</a> ";
},"18":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<ul class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"open") : depth0),{"name":"each","hash":{},"fn":container.program(19, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":667,"column":0},"end":{"line":668,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"19":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li><strong>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"what") : depth0), depth0))
    + "</strong><span>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"why") : depth0), depth0))
    + "</span></li>\n";
},"20":function(container,depth0,helpers,partials,data) {
    return "<p>Nothing that Cordon knows of.</p>\n";
},"21":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"open") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":671,"column":0},"end":{"line":671,"column":66}}})) != null ? stack1 : "")
    + "</p>\n";
},"22":function(container,depth0,helpers,partials,data) {
    return "<p>"
    + container.escapeExpression(container.lambda(depth0, depth0))
    + "</p>\n";
},"23":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<div class=\"wide\" role=\"region\" tabindex=\"0\"\n aria-label=\"Exposure\">\n<table class=\"stack exposure\">\n<caption>What the role could reach, and what it did reach</caption>\n<thead><tr>\n<th scope=\"col\">Kind</th>\n<th scope=\"col\">Could reach</th>\n<th scope=\"col\">Did reach</th>\n</tr></thead>\n<tbody>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"blast") : depth0)) != null ? lookupProperty(stack1,"exposure") : stack1),{"name":"each","hash":{},"fn":container.program(24, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":687,"column":0},"end":{"line":693,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></div>\n";
},"24":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr><th scope=\"row\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"kind") : depth0), depth0))
    + "</th>\n<td data-label=\"Could reach\">"
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,(depth0 != null ? lookupProperty(depth0,"could") : depth0),{"name":"each","hash":{},"fn":container.program(25, data, 0),"inverse":container.program(26, data, 0),"data":data,"loc":{"start":{"line":688,"column":29},"end":{"line":689,"column":75}}})) != null ? stack1 : "")
    + "</td>\n<td data-label=\"Did reach\">"
    + ((stack1 = lookupProperty(helpers,"each").call(alias1,(depth0 != null ? lookupProperty(depth0,"did") : depth0),{"name":"each","hash":{},"fn":container.program(25, data, 0),"inverse":container.program(27, data, 0),"data":data,"loc":{"start":{"line":690,"column":27},"end":{"line":691,"column":60}}})) != null ? stack1 : "")
    + "</td>\n</tr>\n";
},"25":function(container,depth0,helpers,partials,data) {
    return "<span class=\"line\">"
    + container.escapeExpression(container.lambda(depth0, depth0))
    + "</span>\n";
},"26":function(container,depth0,helpers,partials,data) {
    return "<span class=\"line none\">nothing in its own policies</span>";
},"27":function(container,depth0,helpers,partials,data) {
    return "<span class=\"line none\">nothing seen</span>";
},"28":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"blast") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":695,"column":0},"end":{"line":695,"column":67}}})) != null ? stack1 : "")
    + "</p>\n";
},"29":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<div class=\"wide\" role=\"region\" tabindex=\"0\"\n aria-label=\"What was reached\">\n<table class=\"stack\">\n<caption>Resources that were read, changed or tried</caption>\n<thead><tr>\n<th scope=\"col\">Resource</th>\n<th scope=\"col\">Kind</th>\n<th scope=\"col\">How</th>\n<th scope=\"col\">First</th>\n</tr></thead>\n<tbody>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"rows") : stack1),{"name":"each","hash":{},"fn":container.program(30, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":712,"column":0},"end":{"line":717,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></div>\n";
},"30":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr><th scope=\"row\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"what") : depth0), depth0))
    + "</th>\n<td data-label=\"Kind\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"kind") : depth0), depth0))
    + "</td>\n<td data-label=\"How\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"how") : depth0), depth0))
    + "</td>\n<td data-label=\"First\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"when") : depth0), depth0))
    + "</td>\n</tr>\n";
},"31":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h3>Roles or users it went on to use</h3>\n<ul class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"followed") : stack1),{"name":"each","hash":{},"fn":container.program(19, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":720,"column":0},"end":{"line":721,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"32":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h3>Left behind</h3>\n<ul class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"left") : stack1),{"name":"each","hash":{},"fn":container.program(33, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":724,"column":0},"end":{"line":725,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"33":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li><strong>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"what") : depth0), depth0))
    + "</strong><span>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"how") : depth0), depth0))
    + "</span><code>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"check") : depth0), depth0))
    + "</code></li>\n";
},"34":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"reached") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":727,"column":0},"end":{"line":727,"column":69}}})) != null ? stack1 : "")
    + "</p>\n";
},"35":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<ol class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"rotate") : depth0),{"name":"each","hash":{},"fn":container.program(36, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":733,"column":0},"end":{"line":734,"column":9}}})) != null ? stack1 : "")
    + "</ol>\n";
},"36":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li><strong>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"what") : depth0), depth0))
    + "</strong><span>Why: "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"why") : depth0), depth0))
    + ".</span><span>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"how") : depth0), depth0))
    + "</span></li>\n";
},"37":function(container,depth0,helpers,partials,data) {
    return "<p>Nothing that Cordon knows of. Temporary keys cannot be rotated: they are denied while the\nworkload is contained, and a release says whether they stay denied until they expire.</p>\n";
},"38":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"rotate") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":738,"column":0},"end":{"line":738,"column":68}}})) != null ? stack1 : "")
    + "</p>\n";
},"39":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<ul class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"decisions") : depth0),{"name":"each","hash":{},"fn":container.program(40, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":744,"column":0},"end":{"line":746,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"40":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li><strong>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"question") : depth0), depth0))
    + "</strong><span>Who: "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"who") : depth0), depth0))
    + ". Deadline: "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"by") : depth0), depth0))
    + ".</span>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"command") : depth0),{"name":"if","hash":{},"fn":container.program(41, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":745,"column":0},"end":{"line":745,"column":46}}})) != null ? stack1 : "")
    + "</li>\n";
},"41":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<code>"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"command") : depth0), depth0))
    + "</code>";
},"42":function(container,depth0,helpers,partials,data) {
    return "<p>None.</p>\n";
},"43":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p><code>"
    + container.escapeExpression(container.lambda(((stack1 = (depth0 != null ? lookupProperty(depth0,"release") : depth0)) != null ? lookupProperty(stack1,"command") : stack1), depth0))
    + "</code></p>\n";
},"44":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<dl class=\"facts legend\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"legend") : stack1),{"name":"each","hash":{},"fn":container.program(6, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":757,"column":0},"end":{"line":758,"column":9}}})) != null ? stack1 : "")
    + "</dl>\n";
},"45":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return ((stack1 = lookupProperty(helpers,"with").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"picture") : stack1),{"name":"with","hash":{},"fn":container.program(46, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":759,"column":31},"end":{"line":774,"column":9}}})) != null ? stack1 : "");
},"46":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, alias3=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<figure>\n<svg viewBox=\"0 0 360 "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"height") : depth0), depth0))
    + "\" role=\"img\" aria-labelledby=\"strip-title strip-text\">\n<title id=\"strip-title\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "</title>\n<desc id=\"strip-text\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"text") : depth0), depth0))
    + "</desc>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"moments") : depth0),{"name":"each","hash":{},"fn":container.program(47, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":763,"column":0},"end":{"line":765,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"lanes") : depth0),{"name":"each","hash":{},"fn":container.program(48, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":765,"column":9},"end":{"line":769,"column":18}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"ticks") : depth0),{"name":"each","hash":{},"fn":container.program(52, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":769,"column":18},"end":{"line":771,"column":9}}})) != null ? stack1 : "")
    + "</svg>\n<figcaption>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"text") : depth0), depth0))
    + " Filled bars are allowed calls; outlined bars are denied ones.</figcaption>\n</figure>\n";
},"47":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<line x1=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"x") : depth0), depth0))
    + "\" x2=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"x") : depth0), depth0))
    + "\" y1=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"y") : depth0), depth0))
    + "\" y2=\""
    + alias2(alias1((depths[1] != null ? lookupProperty(depths[1],"bottom") : depths[1]), depth0))
    + "\" class=\"moment\"></line>\n<text x=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"labelX") : depth0), depth0))
    + "\" y=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"y") : depth0), depth0))
    + "\" text-anchor=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"anchor") : depth0), depth0))
    + "\" class=\"label\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"label") : depth0), depth0))
    + "</text>\n";
},"48":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<text x=\"6\" y=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"y") : depth0), depth0))
    + "\" class=\"lane\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"name") : depth0), depth0))
    + "</text>\n<line x1=\"6\" x2=\"354\" y1=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"base") : depth0), depth0))
    + "\" y2=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"base") : depth0), depth0))
    + "\" class=\"base\"></line>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"bars") : depth0),{"name":"each","hash":{},"fn":container.program(49, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":767,"column":0},"end":{"line":769,"column":9}}})) != null ? stack1 : "");
},"49":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<rect x=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"x") : depth0), depth0))
    + "\" y=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"y") : depth0), depth0))
    + "\" width=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"width") : depth0), depth0))
    + "\" height=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"height") : depth0), depth0))
    + "\"\n class=\""
    + ((stack1 = lookupProperty(helpers,"if").call(depth0 != null ? depth0 : (container.nullContext || {}),(depths[1] != null ? lookupProperty(depths[1],"hollow") : depths[1]),{"name":"if","hash":{},"fn":container.program(50, data, 0, blockParams, depths),"inverse":container.program(51, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":768,"column":8},"end":{"line":768,"column":50}}})) != null ? stack1 : "")
    + "\"></rect>\n";
},"50":function(container,depth0,helpers,partials,data) {
    return "hollow";
},"51":function(container,depth0,helpers,partials,data) {
    return "full";
},"52":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<text x=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"x") : depth0), depth0))
    + "\" y=\""
    + alias2(alias1((depths[1] != null ? lookupProperty(depths[1],"tickY") : depths[1]), depth0))
    + "\" text-anchor=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"anchor") : depth0), depth0))
    + "\"\n class=\"tick\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"label") : depth0), depth0))
    + "</text>\n";
},"53":function(container,depth0,helpers,partials,data) {
    return "<p class=\"key\">The edge of a row says what came\nof the call: <span class=\"edge good\">denied, or made by Cordon</span>\n<span class=\"edge warn\">allowed</span>\n<span class=\"edge bad\">allowed although containment held</span></p>\n";
},"54":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h3>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "</h3>\n<div class=\"wide\" role=\"region\" aria-label=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "\" tabindex=\"0\"><table class=\"stack calls\">\n<caption class=\"hidden\">Calls: "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "</caption>\n<thead><tr>\n<th scope=\"col\">UTC</th>\n<th scope=\"col\">Who</th>\n<th scope=\"col\">Call</th>\n<th scope=\"col\">On</th>\n<th scope=\"col\">From</th>\n<th scope=\"col\">Outcome</th>\n</tr></thead>\n<tbody>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),(depth0 != null ? lookupProperty(depth0,"calls") : depth0),{"name":"each","hash":{},"fn":container.program(55, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":790,"column":0},"end":{"line":798,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></div>\n";
},"55":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, alias3=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr class=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"tone") : depth0), depth0))
    + "\">\n<td><time datetime=\""
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"iso") : depth0), depth0))
    + "\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"clock") : depth0), depth0))
    + "</time></td>\n<td>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"who") : depth0), depth0))
    + "</td>\n<th scope=\"row\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"what") : depth0), depth0))
    + "</th>\n<td"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"onInFull") : depth0),{"name":"if","hash":{},"fn":container.program(56, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":794,"column":3},"end":{"line":794,"column":47}}})) != null ? stack1 : "")
    + ">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"on") : depth0), depth0))
    + "</td>\n<td>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"from") : depth0), depth0))
    + "</td>\n<td>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"outcome") : depth0), depth0))
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"mark") : depth0),{"name":"if","hash":{},"fn":container.program(57, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":796,"column":15},"end":{"line":796,"column":73}}})) != null ? stack1 : "")
    + "</td>\n</tr>\n";
},"56":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return " title=\""
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"onInFull") : depth0), depth0))
    + "\"";
},"57":function(container,depth0,helpers,partials,data) {
    var lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return " <strong class=\"mark\">"
    + container.escapeExpression(container.lambda((depth0 != null ? lookupProperty(depth0,"mark") : depth0), depth0))
    + "</strong>";
},"58":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p>"
    + container.escapeExpression(container.lambda(((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"left") : stack1), depth0))
    + "</p>\n";
},"59":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"timeline") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":801,"column":0},"end":{"line":801,"column":70}}})) != null ? stack1 : "")
    + "</p>\n";
},"60":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p>What the calls <em>map to</em> in ATT&amp;CK "
    + container.escapeExpression(container.lambda(((stack1 = (depth0 != null ? lookupProperty(depth0,"attack") : depth0)) != null ? lookupProperty(stack1,"version") : stack1), depth0))
    + ":\na hint for the search, not a verdict.</p>\n<ul class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"attack") : depth0)) != null ? lookupProperty(stack1,"techniques") : stack1),{"name":"each","hash":{},"fn":container.program(61, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":809,"column":0},"end":{"line":810,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"61":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li><strong>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"id") : depth0), depth0))
    + " "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"name") : depth0), depth0))
    + "</strong><span>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"calls") : depth0), depth0))
    + "</span></li>\n";
},"62":function(container,depth0,helpers,partials,data) {
    return "<p>No call maps to a technique.</p>\n";
},"63":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"attack") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":813,"column":0},"end":{"line":813,"column":68}}})) != null ? stack1 : "")
    + "</p>\n";
},"64":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"evidence") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":822,"column":0},"end":{"line":822,"column":70}}})) != null ? stack1 : "")
    + "</p>\n";
},"65":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<h3>Gaps</h3>\n<ul class=\"points\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"gaps") : stack1),{"name":"each","hash":{},"fn":container.program(66, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":825,"column":0},"end":{"line":827,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n";
},"66":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<li><strong><span class=\"kind\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"kind") : depth0), depth0))
    + "</span> "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"what") : depth0), depth0))
    + "</strong>\n<span>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"why") : depth0), depth0))
    + "</span></li>\n";
},"67":function(container,depth0,helpers,partials,data) {
    return "<p>The stored objects and their hashes are in the\n<a href=\"#annex\">annex</a>.</p>\n";
},"68":function(container,depth0,helpers,partials,data) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr><th scope=\"row\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"name") : depth0), depth0))
    + "<span class=\"line\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"meaning") : depth0), depth0))
    + "</span></th>\n<td data-label=\"Time\"><time datetime=\""
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"at") : depth0)) != null ? lookupProperty(stack1,"iso") : stack1), depth0))
    + "\">"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"at") : depth0)) != null ? lookupProperty(stack1,"text") : stack1), depth0))
    + "</time></td>\n<td data-label=\"After\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"after") : depth0), depth0))
    + "</td>\n</tr>\n";
},"69":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<p class=\"source\">Source:\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"clocks") : stack1),{"name":"each","hash":{},"fn":container.program(17, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":849,"column":0},"end":{"line":849,"column":68}}})) != null ? stack1 : "")
    + "</p>\n";
},"70":function(container,depth0,helpers,partials,data) {
    var stack1, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<section id=\"annex\">\n<h2>Annex: stored objects and their hashes</h2>\n<div class=\"wide\" role=\"region\" tabindex=\"0\"\n aria-label=\"Evidence objects\">\n<table class=\"stack objects\">\n<caption>Stored objects, taken before or after containment</caption>\n<thead><tr>\n<th scope=\"col\">Object</th>\n<th scope=\"col\">Bytes</th>\n<th scope=\"col\">Taken</th>\n<th scope=\"col\">Source</th>\n<th scope=\"col\">SHA-256</th>\n</tr></thead>\n<tbody>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(depth0 != null ? depth0 : (container.nullContext || {}),((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"objects") : stack1),{"name":"each","hash":{},"fn":container.program(71, data, 0),"inverse":container.noop,"data":data,"loc":{"start":{"line":878,"column":0},"end":{"line":884,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></div>\n</section>\n";
},"71":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr><th scope=\"row\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"path") : depth0), depth0))
    + "</th>\n<td data-label=\"Bytes\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"bytes") : depth0), depth0))
    + "</td>\n<td data-label=\"Taken\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"taken") : depth0), depth0))
    + "</td>\n<td data-label=\"Source\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"source") : depth0), depth0))
    + "</td>\n<td data-label=\"SHA-256\" class=\"hash\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"sha256") : depth0), depth0))
    + "</td>\n</tr>\n";
},"72":function(container,depth0,helpers,partials,data) {
    var alias1=container.lambda, alias2=container.escapeExpression, lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<tr><th scope=\"row\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"label") : depth0), depth0))
    + "</th>\n<td data-label=\"Value\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"value") : depth0), depth0))
    + "</td>\n<td data-label=\"Object\"><a href=\"../"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"path") : depth0), depth0))
    + "\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"path") : depth0), depth0))
    + "</a></td>\n<td data-label=\"Filter\"><code>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"count") : depth0), depth0))
    + "</code></td>\n</tr>\n";
},"compiler":[8,">= 4.3.0"],"main":function(container,depth0,helpers,partials,data,blockParams,depths) {
    var stack1, alias1=container.lambda, alias2=container.escapeExpression, alias3=depth0 != null ? depth0 : (container.nullContext || {}), lookupProperty = container.lookupProperty || function(parent, propertyName) {
        if (Object.prototype.hasOwnProperty.call(parent, propertyName)) {
          return parent[propertyName];
        }
        return undefined
    };

  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\"\n content=\"default-src 'none'; style-src 'sha256-6OdCS+1oYl5d7ff1di/EXR2+tD0gOWyz9Vny+ibaPhg='; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"headline") : stack1), depth0))
    + ": "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + "</title>\n<style>/* biome-ignore-all lint/style/noDescendingSpecificity: first the sections, then paper and phone */\n:root {\n  --ink: #16181d;\n  --soft: #4a5160;\n  --line: #c9ced8;\n  --paper: #fff;\n  --wash: #f4f5f8;\n  --good: #0b5d33;\n  --good-wash: #e6f3eb;\n  --warn: #6b4600;\n  --warn-wash: #fdf3dc;\n  --bad: #8f1220;\n  --bad-wash: #fbe6e8;\n  --bar: #2b3140;\n}\n@media screen and (prefers-color-scheme: dark) {\n  :root {\n    color-scheme: dark;\n    --ink: #eceef2;\n    --soft: #b3bac7;\n    --line: #434954;\n    --paper: #15171b;\n    --wash: #22262e;\n    --good: #7fdcab;\n    --good-wash: #10281c;\n    --warn: #f2c46d;\n    --warn-wash: #2d2412;\n    --bad: #ff9aa5;\n    --bad-wash: #34161a;\n    --bar: #cdd3df;\n  }\n}\na {\n  color: inherit;\n}\n* {\n  box-sizing: border-box;\n}\nhtml {\n  -webkit-text-size-adjust: 100%;\n}\nbody {\n  margin: 0;\n  font:\n    16px / 1.5 system-ui,\n    -apple-system,\n    \"Segoe UI\",\n    Roboto,\n    \"Liberation Sans\",\n    sans-serif;\n  color: var(--ink);\n  background: var(--paper);\n  overflow-wrap: anywhere;\n}\n.skip {\n  position: absolute;\n  left: -999px;\n  top: 0;\n  background: var(--paper);\n  color: var(--ink);\n  padding: 8px;\n}\n.skip:focus {\n  left: 0;\n}\nheader,\nmain,\nfooter {\n  max-width: 960px;\n  margin: 0 auto;\n  padding: 0 16px;\n}\nheader.verdict {\n  max-width: none;\n  padding: 16px max(16px, calc((100% - 928px) / 2)) 20px;\n  border-bottom: 6px solid;\n}\nheader.good {\n  background: var(--good-wash);\n  border-color: var(--good);\n}\nheader.warn {\n  background: var(--warn-wash);\n  border-color: var(--warn);\n}\nheader.bad {\n  background: var(--bad-wash);\n  border-color: var(--bad);\n}\nh1 {\n  font-size: 30px;\n  line-height: 1.15;\n  margin: 2px 0;\n  letter-spacing: -0.01em;\n}\n.good h1 {\n  color: var(--good);\n}\n.warn h1 {\n  color: var(--warn);\n}\n.bad h1 {\n  color: var(--bad);\n}\n.sign {\n  display: inline-block;\n  min-width: 1em;\n}\n.kicker,\n.where {\n  margin: 0;\n  font-size: 14px;\n  color: var(--soft);\n}\n.drill {\n  border: 2px solid var(--ink);\n  color: var(--ink);\n  padding: 0 6px;\n}\nh2 {\n  font-size: 21px;\n  margin: 34px 0 8px;\n  border-top: 1px solid var(--line);\n  padding-top: 16px;\n}\nh3 {\n  font-size: 16px;\n  margin: 18px 0 6px;\n}\np {\n  margin: 6px 0;\n}\ndl {\n  margin: 0;\n}\ndt {\n  font-weight: 600;\n}\ndd {\n  margin: 0;\n}\n.glance {\n  margin-top: 12px;\n  display: grid;\n  gap: 10px;\n}\n.glance dt {\n  font-size: 14px;\n}\n.glance dd {\n  font-size: 16px;\n}\n.glance .now {\n  font-weight: 600;\n}\n.facts > div {\n  display: grid;\n  grid-template-columns: 1fr;\n  padding: 5px 0;\n  border-bottom: 1px solid var(--line);\n}\n.facts dt {\n  color: var(--soft);\n  font-size: 14px;\n}\n.summary {\n  padding-top: 10px;\n}\n.note {\n  background: var(--warn-wash);\n  border-left: 4px solid var(--warn);\n  padding: 8px 12px;\n  margin: 12px 0;\n}\nul,\nol {\n  margin: 6px 0;\n  padding-left: 22px;\n}\nli {\n  margin: 4px 0;\n}\n.cards {\n  list-style: none;\n  padding: 0;\n  display: grid;\n  gap: 8px;\n}\n.card {\n  border: 1px solid var(--line);\n  border-left: 6px solid;\n  padding: 8px 12px;\n  margin: 0;\n}\n.card p {\n  margin: 2px 0;\n}\n.card.good {\n  border-left-color: var(--good);\n}\n.card.warn {\n  border-left-color: var(--warn);\n}\n.card.bad {\n  border-left-color: var(--bad);\n  background: var(--bad-wash);\n}\n.target {\n  display: block;\n  font-size: 14px;\n  color: var(--soft);\n}\n.outcome {\n  font-weight: 600;\n}\n.small,\n.source,\nfigcaption,\nfooter {\n  font-size: 14px;\n  color: var(--soft);\n}\n.points > li > span,\n.points > li > code {\n  display: block;\n}\n.kind {\n  text-transform: uppercase;\n}\ncode {\n  font:\n    14px / 1.45 ui-monospace,\n    \"SF Mono\",\n    Menlo,\n    Consolas,\n    \"Liberation Mono\",\n    monospace;\n  background: var(--wash);\n  border: 1px solid var(--line);\n  padding: 2px 6px;\n  border-radius: 3px;\n}\n.source a {\n  color: var(--soft);\n  margin-right: 6px;\n}\ntd code,\ncaption code {\n  padding: 0;\n  border: 0;\n  background: none;\n  font-size: 13px;\n}\ntable {\n  border-collapse: collapse;\n  width: 100%;\n  font-size: 14px;\n}\ncaption {\n  text-align: left;\n  color: var(--soft);\n  padding: 4px 0;\n}\n.hidden {\n  position: absolute;\n  width: 1px;\n  height: 1px;\n  overflow: hidden;\n  clip-path: inset(50%);\n}\nth,\ntd {\n  text-align: left;\n  vertical-align: top;\n  padding: 5px 10px 5px 0;\n  border-bottom: 1px solid var(--line);\n  font-weight: 400;\n}\nthead th {\n  font-weight: 600;\n  border-bottom: 2px solid var(--ink);\n}\ntbody th {\n  font-weight: 600;\n}\n.line {\n  display: block;\n  font-weight: 400;\n}\n.none {\n  color: var(--soft);\n}\n.mark {\n  display: inline-block;\n  border: 2px solid var(--ink);\n  padding: 0 4px;\n}\n.calls tr > :first-child,\n.edge {\n  border-left: 4px solid;\n  padding-left: 8px;\n}\n.calls thead tr > :first-child {\n  border-left-color: transparent;\n}\ntr.good > :first-child,\n.edge.good {\n  border-left-color: var(--good);\n}\ntr.warn > :first-child,\n.edge.warn {\n  border-left-color: var(--warn);\n}\ntr.bad > :first-child,\n.edge.bad {\n  border-left-color: var(--bad);\n}\n.key {\n  font-size: 14px;\n  color: var(--soft);\n}\n.edge {\n  margin-right: 12px;\n}\n.now code {\n  display: block;\n  margin-top: 4px;\n  font-weight: 400;\n}\ntr.bad td:last-child {\n  font-weight: 700;\n  color: var(--bad);\n}\n.hash {\n  font-family: ui-monospace, Menlo, Consolas, monospace;\n  font-size: 12px;\n}\nfigure {\n  margin: 10px 0;\n}\nsvg {\n  display: block;\n  width: 100%;\n  max-width: 640px;\n  height: auto;\n}\nsvg text {\n  font:\n    10px system-ui,\n    \"Liberation Sans\",\n    sans-serif;\n  fill: var(--ink);\n}\nsvg .tick {\n  fill: var(--soft);\n}\nsvg .lane,\nsvg .label {\n  paint-order: stroke;\n  stroke: var(--paper);\n  stroke-width: 3;\n}\nsvg .base {\n  stroke: var(--line);\n  stroke-width: 1;\n}\nsvg .moment {\n  stroke: var(--ink);\n  stroke-width: 1;\n  stroke-dasharray: 3 2;\n}\nsvg .full {\n  fill: var(--bar);\n}\nsvg .hollow {\n  fill: var(--paper);\n  stroke: var(--bar);\n  stroke-width: 1;\n}\nfooter {\n  padding: 24px 16px 40px;\n}\n@media (min-width: 700px), print {\n  table {\n    table-layout: fixed;\n  }\n  .calls th:nth-child(1) {\n    width: 16%;\n  }\n  .calls th:nth-child(2) {\n    width: 11%;\n  }\n  .calls thead th:nth-child(3) {\n    width: 21%;\n  }\n  .calls th:nth-child(4) {\n    width: 23%;\n  }\n  .calls th:nth-child(5) {\n    width: 13%;\n  }\n  .exposure th:nth-child(1) {\n    width: 18%;\n  }\n  .objects th:nth-child(1) {\n    width: 26%;\n  }\n  .objects th:nth-child(2) {\n    width: 9%;\n  }\n  .objects th:nth-child(3) {\n    width: 9%;\n  }\n  .objects th:nth-child(4) {\n    width: 22%;\n  }\n  .numbers th:nth-child(1) {\n    width: 24%;\n  }\n  .numbers th:nth-child(2) {\n    width: 20%;\n  }\n  .numbers th:nth-child(3) {\n    width: 26%;\n  }\n}\n@media (min-width: 700px) {\n  .facts > div {\n    grid-template-columns: 160px 1fr;\n    gap: 12px;\n  }\n  .glance {\n    grid-template-columns: 1fr 1fr;\n    gap: 14px 24px;\n  }\n  .glance > div:last-child:nth-child(odd) {\n    grid-column: 1 / -1;\n  }\n  h1 {\n    font-size: 40px;\n  }\n  .cards {\n    grid-template-columns: 1fr 1fr;\n  }\n  .calls td:first-child {\n    white-space: nowrap;\n  }\n}\n@media screen and (min-width: 1080px) {\n  #timeline .wide {\n    width: min(100vw - 64px, 1280px);\n    margin-left: calc(50% - min(50vw - 32px, 640px));\n  }\n}\n@media screen and (max-width: 699px) {\n  .stack thead {\n    position: absolute;\n    width: 1px;\n    height: 1px;\n    overflow: hidden;\n    clip-path: inset(50%);\n  }\n  .stack tr {\n    display: block;\n    border-bottom: 1px solid var(--line);\n    padding: 6px 0;\n  }\n  .stack th,\n  .stack td {\n    display: block;\n    border: 0;\n    padding: 1px 0;\n  }\n  .stack td[data-label]::before {\n    content: attr(data-label) \": \";\n    color: var(--soft);\n  }\n  .calls td {\n    display: inline-block;\n    padding-right: 10px;\n  }\n  .calls td:nth-child(4) {\n    display: block;\n  }\n  .calls td:empty {\n    display: none;\n  }\n}\n@media print {\n  @page {\n    size: A4;\n    margin: 12mm;\n  }\n  body {\n    font-size: 9pt;\n    line-height: 1.3;\n  }\n  .source,\n  .small,\n  .key,\n  figcaption,\n  .facts dt,\n  .glance dt,\n  .glance dd,\n  code {\n    font-size: 8.5pt;\n  }\n  h1 {\n    font-size: 20pt;\n  }\n  h2 {\n    font-size: 13pt;\n    margin-top: 14px;\n    padding-top: 8px;\n  }\n  .facts > div {\n    grid-template-columns: 36mm 1fr;\n    padding: 2px 0;\n  }\n  .glance {\n    grid-template-columns: 1fr 1fr;\n  }\n  .cards {\n    grid-template-columns: 1fr 1fr;\n  }\n  th,\n  td {\n    padding: 2px 8px 2px 0;\n  }\n  .annex {\n    break-before: page;\n  }\n  #clocks tbody .line {\n    display: inline;\n    margin-left: 6px;\n  }\n  #clocks th:first-child {\n    width: 56%;\n  }\n  p,\n  li {\n    margin: 2px 0;\n  }\n  ul,\n  ol {\n    margin: 3px 0;\n  }\n  .card {\n    padding: 4px 8px;\n  }\n  svg {\n    max-width: 110mm;\n  }\n  header.verdict {\n    padding: 0 0 10px;\n    background: none;\n  }\n  header,\n  main,\n  footer {\n    max-width: none;\n    padding: 0;\n  }\n  .skip {\n    display: none;\n  }\n  thead {\n    display: table-header-group;\n    break-after: avoid;\n  }\n  caption {\n    break-after: avoid;\n  }\n  tbody tr:first-child {\n    break-before: avoid;\n  }\n  table {\n    font-size: 7.5pt;\n  }\n  .source {\n    break-before: avoid;\n  }\n  .calls td:first-child {\n    white-space: nowrap;\n  }\n  tr,\n  .card,\n  .proof,\n  .points > li,\n  figure {\n    break-inside: avoid;\n  }\n  h2,\n  h3 {\n    break-after: avoid;\n  }\n}\n</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#contained\">Skip to the proof</a>\n<header class=\"verdict "
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"tone") : stack1), depth0))
    + "\">\n<p class=\"kicker\">"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"drill") : depth0),{"name":"if","hash":{},"fn":container.program(0, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":613,"column":18},"end":{"line":613,"column":79}}})) != null ? stack1 : "")
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"severity") : stack1), depth0))
    + "\n· report "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"version") : depth0), depth0))
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"provisional") : stack1),{"name":"if","hash":{},"fn":container.program(1, data, 0, blockParams, depths),"inverse":container.program(2, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":614,"column":20},"end":{"line":614,"column":84}}})) != null ? stack1 : "")
    + "</p>\n<h1><span class=\"sign\" aria-hidden=\"true\">"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"sign") : stack1), depth0))
    + "</span> "
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"headline") : stack1), depth0))
    + "</h1>\n<p class=\"where\">"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"incident") : depth0), depth0))
    + " · "
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"where") : depth0), depth0))
    + "</p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,(depth0 != null ? lookupProperty(depth0,"console") : depth0),{"name":"if","hash":{},"fn":container.program(3, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":617,"column":0},"end":{"line":619,"column":7}}})) != null ? stack1 : "")
    + "<dl class=\"glance\">\n<div><dt>Contained?</dt><dd>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"glance") : depth0)) != null ? lookupProperty(stack1,"contained") : stack1), depth0))
    + "</dd></div>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"glance") : depth0)) != null ? lookupProperty(stack1,"who") : stack1),{"name":"if","hash":{},"fn":container.program(4, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":621,"column":0},"end":{"line":622,"column":7}}})) != null ? stack1 : "")
    + "<div><dt>What was lost?</dt><dd>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"glance") : depth0)) != null ? lookupProperty(stack1,"lost") : stack1), depth0))
    + "</dd></div>\n<div><dt>Still open</dt><dd>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"glance") : depth0)) != null ? lookupProperty(stack1,"open") : stack1), depth0))
    + "</dd></div>\n<div><dt>What now?</dt><dd class=\"now\">"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"glance") : depth0)) != null ? lookupProperty(stack1,"now") : stack1), depth0))
    + "\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"release") : depth0)) != null ? lookupProperty(stack1,"command") : stack1),{"name":"if","hash":{},"fn":container.program(5, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":625,"column":0},"end":{"line":625,"column":62}}})) != null ? stack1 : "")
    + "</dd></div>\n</dl>\n</header>\n<main>\n<section class=\"summary\" aria-label=\"Summary\">\n<dl class=\"facts\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"about") : depth0),{"name":"each","hash":{},"fn":container.program(6, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":631,"column":0},"end":{"line":632,"column":9}}})) != null ? stack1 : "")
    + "<div><dt>Confidence</dt>\n<dd><strong>"
    + alias2(alias1(((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"confidence") : stack1)) != null ? lookupProperty(stack1,"word") : stack1), depth0))
    + "</strong>: "
    + alias2(alias1(((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"confidence") : stack1)) != null ? lookupProperty(stack1,"why") : stack1), depth0))
    + "</dd></div>\n<div><dt>State</dt><dd>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"state") : stack1), depth0))
    + "</dd></div>\n<div><dt>Written</dt><dd><time datetime=\""
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"made") : depth0)) != null ? lookupProperty(stack1,"iso") : stack1), depth0))
    + "\">"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"made") : depth0)) != null ? lookupProperty(stack1,"text") : stack1), depth0))
    + "</time></dd></div>\n</dl>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"verdict") : depth0)) != null ? lookupProperty(stack1,"provisional") : stack1),{"name":"if","hash":{},"fn":container.program(7, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":637,"column":0},"end":{"line":638,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"changed") : depth0)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(8, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":638,"column":7},"end":{"line":642,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"about") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(10, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":642,"column":7},"end":{"line":646,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"contained\">\n<h2>Is it contained?</h2>\n<dl class=\"facts proof\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"contained") : depth0)) != null ? lookupProperty(stack1,"proof") : stack1),{"name":"each","hash":{},"fn":container.program(6, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":651,"column":0},"end":{"line":652,"column":9}}})) != null ? stack1 : "")
    + "</dl>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"contained") : depth0)) != null ? lookupProperty(stack1,"actions") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(12, data, 0, blockParams, depths),"inverse":container.program(15, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":653,"column":0},"end":{"line":660,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"contained") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(16, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":660,"column":7},"end":{"line":662,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"open\">\n<h2>What is not contained</h2>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"open") : depth0)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(18, data, 0, blockParams, depths),"inverse":container.program(20, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":666,"column":0},"end":{"line":670,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"open") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(21, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":670,"column":7},"end":{"line":672,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"blast\">\n<h2>Blast radius</h2>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"blast") : depth0)) != null ? lookupProperty(stack1,"sentences") : stack1),{"name":"each","hash":{},"fn":container.program(22, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":676,"column":0},"end":{"line":677,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"blast") : depth0)) != null ? lookupProperty(stack1,"exposure") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(23, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":677,"column":9},"end":{"line":694,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"blast") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(28, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":694,"column":7},"end":{"line":696,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"reached\">\n<h2>What was reached</h2>\n<p>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"sentence") : stack1), depth0))
    + "</p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"rows") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(29, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":701,"column":0},"end":{"line":718,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"followed") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(31, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":718,"column":7},"end":{"line":722,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"reached") : depth0)) != null ? lookupProperty(stack1,"left") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(32, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":722,"column":7},"end":{"line":726,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"reached") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(34, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":726,"column":7},"end":{"line":728,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"rotate\">\n<h2>What to rotate, in order</h2>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"rotate") : depth0)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(35, data, 0, blockParams, depths),"inverse":container.program(37, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":732,"column":0},"end":{"line":737,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"rotate") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(38, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":737,"column":7},"end":{"line":739,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"decide\">\n<h2>Decisions needed</h2>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"decisions") : depth0)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(39, data, 0, blockParams, depths),"inverse":container.program(42, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":743,"column":0},"end":{"line":748,"column":7}}})) != null ? stack1 : "")
    + "<h3>Release</h3>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"release") : depth0)) != null ? lookupProperty(stack1,"command") : stack1),{"name":"if","hash":{},"fn":container.program(43, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":749,"column":0},"end":{"line":750,"column":7}}})) != null ? stack1 : "")
    + "<p>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"release") : depth0)) != null ? lookupProperty(stack1,"note") : stack1), depth0))
    + "</p>\n</section>\n\n<section id=\"timeline\">\n<h2>Timeline</h2>\n<p>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"sentence") : stack1), depth0))
    + "</p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"legend") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(44, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":756,"column":0},"end":{"line":759,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"picture") : stack1),{"name":"if","hash":{},"fn":container.program(45, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":759,"column":7},"end":{"line":774,"column":16}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"phases") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(53, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":774,"column":16},"end":{"line":778,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"phases") : stack1),{"name":"each","hash":{},"fn":container.program(54, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":778,"column":7},"end":{"line":799,"column":9}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = (depth0 != null ? lookupProperty(depth0,"timeline") : depth0)) != null ? lookupProperty(stack1,"left") : stack1),{"name":"if","hash":{},"fn":container.program(58, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":799,"column":9},"end":{"line":800,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"timeline") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(59, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":800,"column":7},"end":{"line":802,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"attack\">\n<h2>ATT&amp;CK</h2>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"attack") : depth0)) != null ? lookupProperty(stack1,"techniques") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(60, data, 0, blockParams, depths),"inverse":container.program(62, data, 0, blockParams, depths),"data":data,"loc":{"start":{"line":806,"column":0},"end":{"line":812,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"attack") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(63, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":812,"column":7},"end":{"line":814,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"evidence\">\n<h2>Evidence</h2>\n<p>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"sentence") : stack1), depth0))
    + "</p>\n<p><code>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"folder") : stack1), depth0))
    + "</code></p>\n<p><code>"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"verify") : stack1), depth0))
    + "</code></p>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"evidence") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(64, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":821,"column":0},"end":{"line":823,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"gaps") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(65, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":823,"column":7},"end":{"line":828,"column":7}}})) != null ? stack1 : "")
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"objects") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(67, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":828,"column":7},"end":{"line":830,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"clocks\">\n<h2>Clocks</h2>\n<div class=\"wide\" role=\"region\" aria-label=\"Clocks\" tabindex=\"0\"><table class=\"stack\">\n<caption>The time of each step, and how long after the event it came. In the object below,\n<code>.head.clocks</code> holds each under its name, in milliseconds since 1970.</caption>\n<thead><tr>\n<th scope=\"col\">Clock</th>\n<th scope=\"col\">Time</th>\n<th scope=\"col\">After the event</th>\n</tr></thead>\n<tbody>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"clocks") : depth0),{"name":"each","hash":{},"fn":container.program(68, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":843,"column":0},"end":{"line":847,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></div>\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"sources") : depth0)) != null ? lookupProperty(stack1,"clocks") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(69, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":848,"column":0},"end":{"line":850,"column":7}}})) != null ? stack1 : "")
    + "</section>\n\n<section id=\"limits\">\n<h2>Limits</h2>\n<ul>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"limits") : depth0),{"name":"each","hash":{},"fn":container.program(9, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":855,"column":0},"end":{"line":856,"column":9}}})) != null ? stack1 : "")
    + "</ul>\n<h3>For AWS Support</h3>\n<dl class=\"facts\">\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"support") : depth0),{"name":"each","hash":{},"fn":container.program(6, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":859,"column":0},"end":{"line":860,"column":9}}})) != null ? stack1 : "")
    + "</dl>\n</section>\n\n<div class=\"annex\">\n"
    + ((stack1 = lookupProperty(helpers,"if").call(alias3,((stack1 = ((stack1 = (depth0 != null ? lookupProperty(depth0,"evidence") : depth0)) != null ? lookupProperty(stack1,"objects") : stack1)) != null ? lookupProperty(stack1,"length") : stack1),{"name":"if","hash":{},"fn":container.program(70, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":864,"column":0},"end":{"line":886,"column":7}}})) != null ? stack1 : "")
    + "<section id=\"numbers\">\n<h2>Where each number comes from</h2>\n<p>To check a number, run this in the folder of the evidence, with the filter and the object of\nits row: <code>jq '<em>filter</em>' <em>object</em></code></p>\n<div class=\"wide\" role=\"region\" aria-label=\"Where each number comes from\" tabindex=\"0\">\n<table class=\"stack numbers\">\n<caption>The numbers that this report rests on</caption>\n<thead><tr>\n<th scope=\"col\">Number</th>\n<th scope=\"col\">Value</th>\n<th scope=\"col\">Object</th>\n<th scope=\"col\">Filter</th>\n</tr></thead>\n<tbody>\n"
    + ((stack1 = lookupProperty(helpers,"each").call(alias3,(depth0 != null ? lookupProperty(depth0,"counted") : depth0),{"name":"each","hash":{},"fn":container.program(72, data, 0, blockParams, depths),"inverse":container.noop,"data":data,"loc":{"start":{"line":901,"column":0},"end":{"line":906,"column":9}}})) != null ? stack1 : "")
    + "</tbody></table></div>\n</section>\n</div>\n</main>\n<footer>\n<p>"
    + alias2(alias1((depth0 != null ? lookupProperty(depth0,"title") : depth0), depth0))
    + " · written <time datetime=\""
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"made") : depth0)) != null ? lookupProperty(stack1,"iso") : stack1), depth0))
    + "\">"
    + alias2(alias1(((stack1 = (depth0 != null ? lookupProperty(depth0,"made") : depth0)) != null ? lookupProperty(stack1,"text") : stack1), depth0))
    + "</time> · Cordon</p>\n</footer>\n</body>\n</html>\n";
},"useData":true,"useDepths":true});
