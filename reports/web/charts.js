// Draws the charts that chart_json.cpp describes, in a browser and, for SVG files, inside the
// program itself: hence ES5, and nothing of a browser but `echarts`.
var atonceCharts = (function () {
  'use strict';

  var FONT = 'system-ui, sans-serif';
  var LEGEND_FONT = '12px ' + FONT, LEGEND_ROW = 22, LEGEND_MARK = 20, LEGEND_GAP = 14;
  var X_AXIS = 58, TOP = 14, AXIS_NAME = 22, TITLE = 28;
  var BAR = 0.7, FAINT = 0.35, LABEL_ROW = 15;

  function themeOf(palette, kind) {
    var theme = {};
    Object.keys(palette).forEach(function (name) { theme[name] = palette[name][kind]; });
    return theme;
  }

  // The text of the nearest position: the chart library may have rounded the one it asks for.
  function labeller(labels) {
    return function (position) {
      var best = labels[0];
      labels.forEach(function (label) {
        if (Math.abs(label[0] - position) < Math.abs(best[0] - position)) best = label;
      });
      return best ? best[1] : '';
    };
  }

  function tooltip(theme) {
    function coloured(colour, html) {
      return '<span style="color:' + colour + '">' + html + '</span>';
    }
    function line(one) {
      var escape = echarts.format.encodeHTML;
      return coloured(one.borderColor || one.color, '\u25cf') + ' ' +
          coloured(theme.ink, '<b>' + escape(one.seriesName) + '</b> ' + escape(one.data.text));
    }
    return function (params) {
      var seen = {};
      return [].concat(params).filter(function (one) {
        var first = one.data && one.data.text && !seen[one.seriesName];
        seen[one.seriesName] = true;
        return first;
      }).map(line).join('<br>');
    };
  }

  function revive(node, theme) {
    if (Array.isArray(node)) return node.map(function (item) { return revive(item, theme); });
    if (node === null || typeof node !== 'object') return node;
    if (node.$colour) return theme[node.$colour];
    if (node.$labels) return labeller(node.$labels);
    if (node.$tooltip) return tooltip(theme);
    var copy = {};
    Object.keys(node).forEach(function (key) { copy[key] = revive(node[key], theme); });
    return copy;
  }

  function legendRows(names, width) {
    var rows = names.length ? 1 : 0, used = 0;
    names.forEach(function (name, i) {
      if (names.indexOf(name) < i) return;
      var needs = LEGEND_MARK + 5 + echarts.format.getTextRect(name, LEGEND_FONT).width;
      if (used > 0 && used + needs > width) { rows += 1; used = 0; }
      used += needs + LEGEND_GAP;
    });
    return rows;
  }

  function extend(target, source) {
    Object.keys(source).forEach(function (key) {
      var both = typeof target[key] === 'object' && typeof source[key] === 'object';
      target[key] = both && !Array.isArray(source[key]) ? extend(target[key], source[key]) : source[key];
    });
    return target;
  }

  function styleAxis(axis, theme, more) {
    return extend(extend(axis, {
      nameTextStyle: { color: theme.soft, fontSize: 12 },
      axisLabel: { color: theme.soft, fontSize: 12, hideOverlap: true },
      axisLine: { onZero: false, lineStyle: { color: theme.soft } },
      axisTick: { lineStyle: { color: theme.soft } },
      splitLine: { lineStyle: { color: theme.grid } }
    }), more);
  }

  function styleSeries(series, theme) {
    if (series.tiles)
      return extend(series, { renderItem: drawTiles(series, theme), z: 1, emphasis: { disabled: true } });
    if (series.type === 'custom')
      return extend(series, { renderItem: drawBar(series, theme), z: 4, emphasis: { disabled: true } });
    return extend(series, {
      symbolSize: 10,
      showAllSymbol: true,
      connectNulls: false,
      emphasis: { disabled: true },
      label: {
        show: false, position: 'right', color: theme.ink, fontSize: 12, lineHeight: LABEL_ROW,
        backgroundColor: theme.paper, padding: [0, 2]
      }
    });
  }

  // Rectangles in whole pixels, so that neighbours leave no seam; each shade is one path.
  function drawTiles(series, theme) {
    function path(api) {
      return function (tile) {
        var from = api.coord([tile[0], tile[3]]).map(Math.round);
        var to = api.coord([tile[1], tile[2]]).map(Math.round);
        return 'M' + from[0] + ' ' + from[1] + 'H' + Math.max(to[0], from[0] + 1) +
            'V' + Math.max(to[1], from[1] + 1) + 'H' + from[0] + 'Z';
      };
    }
    return function (params, api) {
      var corner = api.coord([api.value(0), api.value(1)]);
      var children = series.tiles.map(function (group) {
        return {
          type: 'path',
          shape: { pathData: group.at.map(path(api)).join('') },
          style: { fill: api.visual('color'), opacity: group.shade }
        };
      });
      if (series.heading)
        children.push({
          type: 'text',
          style: { text: series.heading, x: corner[0] + 4, y: corner[1] - 3, verticalAlign: 'bottom',
            fill: theme.ink, font: 'bold 12px ' + FONT }
        });
      return { type: 'group', children: children };
    };
  }

  // A bar from value 0 to value 1 at height value 2, and the text behind its end.
  function drawBar(series, theme) {
    return function (params, api) {
      var from = api.coord([api.value(0), api.value(2)]);
      var to = api.coord([api.value(1), api.value(2)]);
      var height = BAR * api.size([0, 1])[1];
      return {
        type: 'group',
        children: [{
          type: 'rect',
          shape: { x: from[0], y: from[1] - height / 2, width: Math.max(1, to[0] - from[0]), height: height },
          style: { fill: api.visual('color'), opacity: series.faint ? FAINT : 1 }
        }].concat(series.data[params.dataIndex].end ? [{
          type: 'text', silent: true,
          x: to[0] + 4, y: to[1],
          style: {
            text: series.data[params.dataIndex].end, fill: theme.ink, fontSize: 12,
            fontFamily: FONT, verticalAlign: 'middle', lineHeight: LABEL_ROW,
            backgroundColor: theme.paper, padding: [0, 2]
          }
        }] : [])
      };
    };
  }

  // "runner/transport" and "runner · variant" on two lines.
  function breakLabels(axisLabel) {
    var whole = axisLabel.formatter;
    axisLabel.lineHeight = 14;
    axisLabel.formatter = function (position) {
      return whole(position).replace(/(\w)\//, '$1/\n').replace(' \u00b7 ', '\n\u00b7 ');
    };
  }

  /**
   * The whole option for a chart of `width` pixels, and the height that it needs.
   * `title` is drawn above the chart when given.
   */
  function compose(chart, theme, width, title) {
    var option = revive(chart, theme);
    var left = Math.min(option.left, 0.42 * width);
    var names = option.legend.data.map(function (item) { return item.name; });
    var legend = legendRows(names, width - 18) * LEGEND_ROW;
    var top = TOP + (option.yAxis.name ? AXIS_NAME : 0) + (title ? TITLE : 0);
    var height = option.height + legend + (title ? TITLE : 0);
    extend(option, {
      animation: false,
      backgroundColor: theme.paper,
      textStyle: { fontFamily: FONT },
      grid: { left: left, right: option.right, top: top, bottom: X_AXIS + legend, outerBoundsMode: 'none' },
      legend: {
        show: names.length > 0, left: 8, right: 8, bottom: 0, padding: 5, borderColor: theme.paper,
        itemGap: LEGEND_GAP, itemWidth: LEGEND_MARK, itemHeight: 10,
        textStyle: { color: theme.ink, fontSize: 12 }, inactiveColor: theme.grid
      },
      tooltip: {
        confine: true, backgroundColor: theme.panel, borderColor: theme.grid,
        textStyle: { color: theme.ink, fontSize: 12 },
        axisPointer: { lineStyle: { color: theme.soft } }
      }
    });
    if (title)
      option.title = { text: title, left: 3, top: 6, borderColor: theme.paper, textStyle: { color: theme.ink, fontSize: 16 } };
    styleAxis(option.xAxis, theme, { nameLocation: 'middle', nameGap: 32 });
    styleAxis(option.yAxis, theme, {
      nameTextStyle: { align: 'left', padding: [0, 0, 2, 8 - left] },
      axisLabel: { width: left - 14, overflow: 'truncate' }
    });
    if (left < option.left) breakLabels(option.yAxis.axisLabel);
    option.series.forEach(function (series) { styleSeries(series, theme); });
    delete option.height;
    delete option.left;
    delete option.right;
    return { option: option, height: height };
  }

  // What the library adds for its own use in a browser is of none in a file; and not every viewer
  // of SVG files knows the attribute that centres text.
  function clean(svg) {
    return svg.replace(/<style[^]*?<\/style>\s*/g, '')
        .replace(/ (class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="visible"|xml:space="preserve")/g, '')
        .replace(/ dominant-baseline="central"/g, ' dy="0.35em"');
  }

  // ASCII only: the interpreter's own text encoding is not that of a file beyond it.
  function ascii(text) {
    return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\x00-\x7f]/g, function (character) {
      var high = character.charCodeAt(0), low = character.charCodeAt(1);
      var code = character.length === 1 ? high : (high - 0xD800) * 0x400 + low - 0xDC00 + 0x10000;
      return '&#' + code + ';';
    });
  }

  /**
   * A picture as text. `texts` has name, title and description, and the rules for dark paper.
   */
  function svg(chart, palette, texts, width) {
    var composed = compose(chart, themeOf(palette, 'light'), width, texts.heading);
    var instance = echarts.init(null, null,
        { renderer: 'svg', ssr: true, width: width, height: composed.height });
    instance.setOption(composed.option);
    var picture = clean(instance.renderToSVGString());
    instance.dispose();
    var escape = echarts.format.encodeHTML;
    return ascii(picture.replace('<svg ', '<svg class="atonce-chart" role="img" aria-labelledby="' +
        texts.name + '-title ' + texts.name + '-text" ').replace('>', function () {
      return '>\n<title id="' + texts.name + '-title">' + escape(texts.title) + '</title>' +
          '\n<desc id="' + texts.name + '-text">' + escape(texts.description) + '</desc>' +
          '\n<style>@media (prefers-color-scheme: dark){' + texts.dark + '}</style>';
    }));
  }

  return { compose: compose, themeOf: themeOf, svg: svg };
})();
